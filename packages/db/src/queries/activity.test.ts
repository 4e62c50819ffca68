import {
  credits,
  decideFinish,
  decidePause,
  idOf,
  type PostingKind,
  postingKinds,
  type Scan,
} from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  accepted,
  aMember,
  anAccount,
  DAY,
  databases,
  decideIn,
  grantTo,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { type ActivityFilter, listActivity } from "./activity.ts";
import { findPosting } from "./posting-details.ts";

describe.each(databases)("activity in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let lotId: string;
  let askedBy: string;
  let scan: Scan;

  // Versions 1 to 5: a grant, an hour, a pause, an end through our fault, the hour returned.
  beforeAll(async () => {
    temp = await open();
    db = temp.database;
    account = await anAccount(db);
    lotId = await grantTo(db, account.id, { credits: 5, source: "purchase" });
    scan = await startOn(db, account, { at: noonPlus(10), label: "nightly" });
    askedBy = (await aMember(db, account.id)).userId;
    await decideIn(db, account.id, { now: noonPlus(20), scans: [scan] }, (books) =>
      accepted(decidePause(books, books.scan(scan.id) as Scan, "user", { askedBy })),
    );
    await decideIn(db, account.id, { now: noonPlus(30), scans: [scan] }, (books) =>
      accepted(
        decideFinish(books, books.scan(scan.id) as Scan, {
          outcome: "failed",
          fault: "platform",
          by: "runner",
        }),
      ),
    );
    await grantTo(db, (await anAccount(db)).id);
  });
  afterAll(() => temp.close());

  const activity = (filter: Partial<ActivityFilter> = {}) =>
    listActivity(db, {
      accountId: account.id,
      beforeVersion: null,
      limit: 100,
      kinds: null,
      from: null,
      to: null,
      ...filter,
    });
  const versions = async (filter?: Partial<ActivityFilter>) =>
    (await activity(filter)).map(({ version }) => version);

  test("every posting of the account, newest first, and nobody else's", async () => {
    expect((await activity()).map(({ version, kind }) => [version, kind])).toEqual([
      [5, "return"],
      [4, "scan_ended"],
      [3, "scan_paused"],
      [2, "debit"],
      [1, "grant"],
    ]);
    expect(await activity({ accountId: "acc_unknown" })).toEqual([]);
  });

  test("a debit with all that a person wants to know about it", async () => {
    expect((await activity())[3]).toEqual({
      accountId: account.id,
      version: 2,
      kind: "debit",
      bookedAt: noonPlus(10),
      scanId: scan.id,
      hour: 1,
      topUpId: null,
      reason: null,
      balanceAfter: 4,
      debtAfter: 0,
      credits: -1,
      lotId,
      lotCount: 1,
      lotKind: "paid",
      lotSource: "purchase",
      scanLabel: "nightly",
      targetName: "Shop",
      askedBy: null,
      runnerKeyName: null,
      trigger: null,
    });
  });

  test("what a person asked for with the name they have", async () => {
    expect((await activity())[2]).toMatchObject({ kind: "scan_paused", askedBy });
  });

  test("a purchase's posting with the purchase it belongs to", async () => {
    const buyer = await anAccount(db);
    const topUpId = idOf("topUp", unique());
    await grantTo(db, buyer.id, { topUpId });
    expect(await activity({ accountId: buyer.id })).toMatchObject([{ kind: "grant", topUpId }]);
  });

  test("what left counts negative, what came positive, what moved nothing zero", async () => {
    expect((await activity()).map((row) => row.credits)).toEqual([1, 0, 0, -1, 5]);
  });

  test("a grant that repays debt brought all its credits, although some went at once", async () => {
    const debtor = await anAccount(db);
    await decideIn(db, debtor.id, {}, (books) =>
      books.book({
        kind: "adjustment",
        key: unique(),
        bookedAt: NOON,
        entries: [{ from: "customer", to: "usage", amount: credits(2), lotId: null }],
      }),
    );
    await grantTo(db, debtor.id, { credits: 3 });
    const rows = await activity({ accountId: debtor.id });
    expect(rows.map((row) => [row.credits, row.balanceAfter, row.debtAfter])).toEqual([
      [3, 1, 0],
      [-2, 0, 2],
    ]);
  });

  test("a moved date with the lots whose date it is, although no credit moved", async () => {
    const buyer = await anAccount(db);
    const lots = [await grantTo(db, buyer.id), await grantTo(db, buyer.id)];
    const [oldExpiresAt, newExpiresAt] = [noonPlus(365 * DAY), noonPlus(400 * DAY)];
    await decideIn(db, buyer.id, {}, (books) => {
      const extensions = lots.map((moved) => ({ lotId: moved, oldExpiresAt, newExpiresAt }));
      books.book({ kind: "extension", key: unique(), bookedAt: NOON, extensions });
    });
    const [newest] = await activity({ accountId: buyer.id });
    expect(newest).toMatchObject({ kind: "extension", credits: 0, lotCount: 2, lotKind: "paid" });
    const found = await findPosting(db, buyer.id, 3);
    expect(found).toMatchObject({ ...newest, entries: [], recordedAt: NOON });
    const expected = { oldExpiresAt, newExpiresAt, lotSource: "purchase" };
    expect(found?.extensions).toMatchObject(lots.map((moved) => ({ lotId: moved, ...expected })));
  });

  test("one posting with each lot it moved, how its scan ended and the hash that proves it", async () => {
    expect(await findPosting(db, account.id, 2)).toEqual({
      ...(await activity())[3],
      recordedAt: noonPlus(10),
      hash: expect.stringMatching(/^[\w-]{43}$/),
      endReason: "failed_platform",
      extensions: [],
      entries: [
        {
          from: "customer",
          to: "usage",
          amount: 1,
          lotId,
          lotKind: "paid",
          lotSource: "purchase",
          lotExpiresAt: noonPlus(365 * DAY),
        },
      ],
    });
    expect(await findPosting(db, account.id, 6)).toBeNull();
    expect(await findPosting(db, "acc_unknown", 2)).toBeNull();
  });

  test("pages follow each other without a gap or a repetition", async () => {
    const pages: number[][] = [];
    for (let nth = 0; nth < 4; nth++) {
      pages.push(await versions({ beforeVersion: pages.at(-1)?.at(-1) ?? null, limit: 2 }));
    }
    expect(pages).toEqual([[5, 4], [3, 2], [1], []]);
  });

  test("only the kinds that were asked for", async () => {
    expect(await versions({ kinds: ["debit", "return"] })).toEqual([5, 2]);
    expect(await versions({ kinds: [] })).toEqual([]);
    const each = await Promise.all(
      postingKinds.map(async (kind: PostingKind) => (await versions({ kinds: [kind] })).length),
    );
    expect(each.reduce((sum, count) => sum + count)).toBe(5);
  });

  test("from an instant, inclusive, to an instant, exclusive", async () => {
    expect(await versions({ from: noonPlus(10), to: noonPlus(20) })).toEqual([2]);
    expect(await versions({ from: noonPlus(11) })).toEqual([5, 4, 3]);
    expect(await versions({ to: noonPlus(30) })).toEqual([3, 2, 1]);
  });

  test("nothing older than the version where looking is to stop", async () => {
    expect(await versions({ fromVersion: 4 })).toEqual([5, 4]);
    expect(await versions({ fromVersion: 2, beforeVersion: 4, kinds: ["debit"] })).toEqual([2]);
    expect(await versions({ fromVersion: 3, kinds: ["debit"] })).toEqual([]);
  });

  test("filters and pages together", async () => {
    const filter = { kinds: ["debit", "return", "grant"] as const, to: noonPlus(30), limit: 1 };
    expect(await versions(filter)).toEqual([2]);
    expect(await versions({ ...filter, beforeVersion: 2 })).toEqual([1]);
  });
});
