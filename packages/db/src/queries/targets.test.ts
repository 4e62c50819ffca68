import {
  type AccountId,
  catchUp,
  decideFinish,
  type Fault,
  type Scan,
  type ScanOutcome,
  type TargetId,
} from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  accepted,
  anAccount,
  DAY,
  databases,
  decideIn,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import {
  archiveTarget,
  findTarget,
  findTargetByUrl,
  insertTarget,
  listAllTargets,
  listTargets,
  listTargetUsage,
  reviveTarget,
  type Target,
  updateTargetMode,
} from "./targets.ts";

describe.each(databases)("targets in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    accountId = (await anAccount(db)).id;
    // The one that comes with a test account, so that lists show only what a test added.
    await db.write([{ sql: "DELETE FROM targets WHERE account_id = ?", args: [accountId] }]);
  });

  const aTarget = (about: Partial<Target> = {}): Target => ({
    id: `tgt_${unique()}` as TargetId,
    accountId,
    url: `https://shop.example/${unique()}?q=a&b=“ü”`,
    name: "Shop",
    mode: "credits",
    createdAt: NOON,
    archivedAt: null,
    ...about,
  });

  test.each(["credits", "unlimited"] as const)(
    "a target with mode %s comes back as it went in",
    async (mode) => {
      const target = aTarget({ mode });
      await db.write([insertTarget(target)]);
      expect(await findTarget(db, accountId, target.id)).toEqual(target);
      expect(await findTargetByUrl(db, accountId, target.url)).toEqual(target);
      expect(await listTargets(db, accountId)).toEqual([target]);
    },
  );

  test("a mode that does not exist is refused", async () => {
    await expect(
      db.write([insertTarget(aTarget({ mode: "free" as "credits" }))]),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("an address is one target of an account, and another account may have it too", async () => {
    const target = aTarget();
    const other = await anAccount(db);
    await db.write([insertTarget(target)]);
    await expect(db.write([insertTarget(aTarget({ url: target.url }))])).rejects.toSatisfy(
      (error) => error instanceof ConstraintViolated && !error.isConflict,
    );
    await db.write([insertTarget(aTarget({ url: target.url, accountId: other.id }))]);
  });

  test("another account's target is not there", async () => {
    const target = aTarget();
    const other = await anAccount(db);
    await db.write([insertTarget(target)]);
    expect(await findTarget(db, other.id, target.id)).toBeNull();
    await db.write([
      updateTargetMode(other.id, target.id, "unlimited"),
      archiveTarget(other.id, target.id, NOON),
    ]);
    expect(await findTarget(db, accountId, target.id)).toEqual(target);
  });

  test("an archived target is only found by its address, and comes back with a new name and mode", async () => {
    const target = aTarget();
    await db.write([insertTarget(target), archiveTarget(accountId, target.id, NOON + 1)]);
    expect(await findTarget(db, accountId, target.id)).toBeNull();
    expect(await listTargets(db, accountId)).toEqual([]);
    expect((await findTargetByUrl(db, accountId, target.url))?.archivedAt).toBe(NOON + 1);
    expect(await listAllTargets(db, accountId)).toEqual([{ ...target, archivedAt: NOON + 1 }]);

    const revived: Target = { ...target, name: "New", mode: "unlimited" };
    await db.write([reviveTarget(revived)]);
    expect(await findTarget(db, accountId, target.id)).toEqual(revived);
  });

  test("archiving again keeps the first instant", async () => {
    const target = aTarget();
    await db.write([insertTarget(target), archiveTarget(accountId, target.id, NOON)]);
    await db.write([archiveTarget(accountId, target.id, NOON + 5)]);
    expect((await findTargetByUrl(db, accountId, target.url))?.archivedAt).toBe(NOON);
  });

  test("a target of no account is refused", async () => {
    await expect(
      db.write([insertTarget(aTarget({ accountId: "acc_unknown" as AccountId }))]),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });

  describe("what its scans cost", () => {
    let account: TestAccount;
    beforeEach(async () => {
      account = await anAccount(db);
      await grantTo(db, account.id, { credits: 40 });
    });

    /** One that starts some days after noon and runs into so many hours. */
    async function aScan(
      about: {
        readonly day?: number;
        readonly hours?: number;
        readonly outcome?: ScanOutcome | null;
        readonly fault?: Fault;
        readonly mode?: "credits" | "unlimited";
      } = {},
    ) {
      const { day = 0, hours = 1, outcome = "completed", fault = null, mode = "credits" } = about;
      const scan = await startOn(db, account, { at: noonPlus(day * DAY), mode });
      const now = noonPlus(day * DAY + hours * HOUR - 1);
      await decideIn(db, account.id, { now, scans: [scan] }, (books) => {
        books.putScan({ ...(books.scan(scan.id) as Scan), lastSeenAt: now });
        catchUp(books, { listeningSince: NOON });
        if (outcome === null) return;
        const known = books.scan(scan.id) as Scan;
        accepted(decideFinish(books, known, { outcome, fault, by: "runner" }));
      });
    }

    const usage = async (since = 0) =>
      (
        await listTargetUsage(db, { accountId: account.id, since: noonPlus(since), finishedMax: 3 })
      ).map(({ targetId: _, ...rest }) => rest);

    test("is nothing of a target that was never scanned", async () => {
      expect(await usage()).toEqual([]);
    });

    test("is all that was debited and not returned, also of those that broke off and that run", async () => {
      await aScan({ hours: 3 });
      await aScan({ day: 1, hours: 2, outcome: "stopped" });
      await aScan({ day: 2, outcome: "failed", fault: "platform" });
      await aScan({ day: 3, mode: "unlimited" });
      await aScan({ day: 4, hours: 4, outcome: null });
      expect(await usage()).toEqual([
        {
          scans: 5,
          credits: 9,
          recentCredits: 9,
          lastScanAt: noonPlus(4 * DAY),
          // Only those that ran to their end, and cost what a scan costs, say what the next one will.
          finishedCosts: [3],
        },
      ]);
    });

    test("counts as recent from the instant that was asked for on", async () => {
      await aScan({ hours: 3 });
      await aScan({ day: 1, hours: 2 });
      expect((await usage(DAY))[0]).toMatchObject({ credits: 5, recentCredits: 2 });
      expect((await usage(DAY + 1))[0]).toMatchObject({ credits: 5, recentCredits: 0 });
    });

    test("is judged by the newest scans, as many as were asked for", async () => {
      for (const [day, hours] of [5, 1, 2, 3].entries()) await aScan({ day, hours });
      expect((await usage())[0]).toMatchObject({ finishedCosts: [3, 2, 1] });
    });

    test("is told to its own account only", async () => {
      await aScan();
      const other = (await anAccount(db)).id;
      expect(await listTargetUsage(db, { accountId: other, since: 0, finishedMax: 3 })).toEqual([]);
    });

    test("is read from indexes, with no row of a scan that has ended", async () => {
      const plans: string[] = [];
      const watched = {
        read: async ({ sql, args }: { sql: string; args: string[] }) => {
          const { rows } = await db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
          plans.push(...rows.map(({ detail }) => String(detail)));
          return { rows: [], columns: [] };
        },
      } as unknown as Database;
      await listTargetUsage(watched, { accountId: account.id, since: 0, finishedMax: 20 });
      expect(plans.filter((plan) => plan.startsWith("SEARCH"))).toEqual([
        "SEARCH scans USING INDEX scans_of_target (account_id=?)",
        "SEARCH scans USING INDEX scans_open (account_id=?)",
        "SEARCH s USING INDEX scans_of_target (account_id=? AND target_id=?)",
      ]);
    });
  });
});
