import { catchUp, credits, decideFinish, type Scan, settings } from "@scanmeter/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  accepted,
  anAccount,
  DAY,
  databases,
  decideIn,
  grantTo,
  HOUR,
  keepExpired,
  moveHold,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import {
  findNextDueAt,
  listAccountsToResume,
  listAccountsWithExpiredLots,
  listDueScans,
  listScansDueBetween,
  listSilentScans,
} from "./due.ts";

const LOST = settings.lostAfterMs;
/** The service has listened all along. */
const heard = { listeningSince: NOON, lostAfterMs: LOST };

describe.each(databases)("what is due in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;

  // These questions are about everybody, so each test has a database to itself.
  beforeEach(async () => {
    temp = await open();
    db = temp.database;
    account = await anAccount(db);
  });
  afterEach(() => temp.close());

  const end = (scan: Scan) =>
    decideIn(db, scan.accountId, { now: noonPlus(1), scans: [scan] }, (books) =>
      accepted(
        decideFinish(books, books.scan(scan.id) as Scan, {
          outcome: "completed",
          fault: null,
          by: "runner",
        }),
      ),
    );

  test("nothing, nowhere, at first", async () => {
    expect(await listDueScans(db, NOON, heard, 10)).toEqual([]);
    expect(await findNextDueAt(db, NOON, LOST)).toBeNull();
  });

  test("scans from their due instant on, the most overdue first, without the ended", async () => {
    await grantTo(db, account.id);
    // Neither in the order of their ids nor against it.
    const scans = [];
    for (const ms of [1, 2, 0]) scans.push(await startOn(db, account, { at: noonPlus(ms) }));
    const [second, third, first] = scans.map(({ id }) => id);
    await end(await startOn(db, account));
    const due = async (ms: number, limit = 10) =>
      (await listDueScans(db, noonPlus(ms), heard, limit)).map(({ scanId }) => scanId);
    expect(await due(HOUR - 1)).toEqual([]);
    expect(await due(HOUR)).toEqual([first]);
    expect(await due(HOUR + 2)).toEqual([first, second, third]);
    expect(await due(HOUR + 2, 1)).toEqual([first]);
    expect(await listDueScans(db, noonPlus(HOUR), heard, 1)).toEqual([
      { accountId: account.id, scanId: first },
    ]);
  });

  test("not a scan whose hour nobody can vouch for yet, until its runner is heard or lost", async () => {
    await grantTo(db, account.id);
    const scan = await startOn(db, account);
    const restartedAt = noonPlus(HOUR - 1);
    const isDue = async (ms: number) => {
      const silence = { listeningSince: restartedAt, lostAfterMs: LOST };
      return (await listDueScans(db, noonPlus(ms), silence, 10)).length === 1;
    };
    expect(await isDue(HOUR)).toBe(false);
    expect(await isDue(HOUR - 1 + LOST - 1)).toBe(false);
    expect(await isDue(HOUR - 1 + LOST)).toBe(true);
    for (const [lastSeen, expected] of [
      [HOUR - LOST, false],
      [HOUR - LOST + 1, true],
    ] as const) {
      await decideIn(db, account.id, { now: noonPlus(lastSeen), scans: [scan] }, (books) =>
        books.putScan({ ...(books.scan(scan.id) as Scan), lastSeenAt: noonPlus(lastSeen) }),
      );
      expect(await isDue(HOUR)).toBe(expected);
    }
  });

  test("open scans whose runner was last seen then or before, the longest silent first", async () => {
    await grantTo(db, account.id);
    const scans = [];
    for (const ms of [1, 2, 0]) scans.push(await startOn(db, account, { at: noonPlus(ms) }));
    const [second, third, first] = scans.map(({ id }) => id);
    await end(await startOn(db, account));
    const silent = async (ms: number) =>
      (await listSilentScans(db, noonPlus(ms), 10)).map(({ scanId }) => scanId);
    expect(await silent(-1)).toEqual([]);
    expect(await silent(0)).toEqual([first]);
    expect(await silent(2)).toEqual([first, second, third]);
  });

  test("accounts with a remainder from its expiry on, each once, the oldest date first", async () => {
    const other = await anAccount(db);
    await grantTo(db, account.id, { expiresAt: noonPlus(2 * DAY) });
    await grantTo(db, account.id, { expiresAt: noonPlus(3 * DAY) });
    const first = await grantTo(db, other.id, { expiresAt: noonPlus(DAY) });
    const expired = (ms: number, limit = 10) =>
      listAccountsWithExpiredLots(db, noonPlus(ms), limit);
    expect(await expired(DAY - 1)).toEqual([]);
    expect(await expired(DAY)).toEqual([other.id]);
    expect(await expired(3 * DAY)).toEqual([other.id, account.id]);
    expect(await expired(3 * DAY, 1)).toEqual([other.id]);
    await decideIn(db, other.id, { now: noonPlus(DAY) }, (books) =>
      books.book({
        kind: "breakage",
        key: unique(),
        bookedAt: noonPlus(DAY),
        entries: [{ from: "customer", to: "breakage", amount: credits(5), lotId: first }],
      }),
    );
    expect(await expired(3 * DAY)).toEqual([account.id]);
  });

  test("no lot that holds nothing but frozen credits, whatever its date", async () => {
    const lotId = await grantTo(db, account.id, { expiresAt: noonPlus(DAY) });
    await moveHold(db, account.id, { lotId, amount: 4, as: "freeze" });
    expect(await listAccountsWithExpiredLots(db, noonPlus(DAY), 10)).toEqual([account.id]);
    expect(await findNextDueAt(db, NOON, LOST)).toBe(noonPlus(DAY));
    await moveHold(db, account.id, { lotId, amount: 1, as: "freeze" });
    expect(await listAccountsWithExpiredLots(db, noonPlus(DAY), 10)).toEqual([]);
    expect(await findNextDueAt(db, NOON, LOST)).toBeNull();
  });

  test("accounts with credits that are kept, from the end of their time on, and not before", async () => {
    const other = await anAccount(db);
    await grantTo(db, account.id, { expiresAt: noonPlus(DAY) });
    await keepExpired(db, account.id);
    await decideIn(db, account.id, { now: noonPlus(DAY) }, (books) =>
      catchUp(books, { listeningSince: NOON }),
    );
    const over = DAY + settings.keptForMs;
    const found = (ms: number) => listAccountsWithExpiredLots(db, noonPlus(ms), 10);
    expect(await found(over - 1)).toEqual([]);
    expect(await found(over)).toEqual([account.id]);
    expect(await findNextDueAt(db, noonPlus(DAY), LOST)).toBe(noonPlus(over));
    expect(await findNextDueAt(db, noonPlus(over), LOST)).toBeNull();
    await grantTo(db, other.id, { expiresAt: noonPlus(over - 1) });
    expect(await found(over)).toEqual([other.id, account.id]);
    await decideIn(db, account.id, { now: noonPlus(over) }, (books) =>
      catchUp(books, { listeningSince: NOON }),
    );
    expect(await found(over)).toEqual([other.id]);
  });

  test("what is due of lots without reading those that are not", async () => {
    const plans: string[] = [];
    const watched = {
      read: async ({ sql, args }: { sql: string; args: (string | number)[] }) => {
        const { rows } = await db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        plans.push(
          ...rows.map(({ detail }) => String(detail)).filter((line) => / lots /.test(line)),
        );
        return { rows: [], columns: [] };
      },
    } as unknown as Database;
    await listAccountsWithExpiredLots(watched, NOON, 10);
    await findNextDueAt(watched, NOON, LOST);
    expect(plans).toEqual(
      ["<", ">"].flatMap((sign) => [
        `SEARCH lots USING INDEX lots_due (expires_at${sign}?)`,
        `SEARCH lots USING INDEX lots_kept_until (expires_at${sign}?)`,
      ]),
    );
  });

  test("no waiting scan whose account has nothing but frozen credits", async () => {
    const lotId = await grantTo(db, account.id, { credits: 2 });
    const scan = await startOn(db, account);
    await moveHold(db, account.id, { lotId, amount: 1, as: "freeze" });
    await decideIn(db, account.id, { now: noonPlus(HOUR), scans: [scan] }, (books) => {
      books.putScan({ ...(books.scan(scan.id) as Scan), lastSeenAt: noonPlus(HOUR - 1) });
      catchUp(books, { listeningSince: NOON });
    });
    expect(await listAccountsToResume(db, noonPlus(HOUR), 10)).toEqual([]);
    await moveHold(db, account.id, { lotId, amount: 1, as: "release", at: noonPlus(HOUR) });
    expect(await listAccountsToResume(db, noonPlus(HOUR), 10)).toEqual([account.id]);
  });

  test("accounts with a scan that waits and a lot that could pay, while it could", async () => {
    await grantTo(db, account.id, { credits: 1 });
    const scan = await startOn(db, account);
    await decideIn(db, account.id, { now: noonPlus(HOUR), scans: [scan] }, (books) => {
      books.putScan({ ...(books.scan(scan.id) as Scan), lastSeenAt: noonPlus(HOUR - 1) });
      catchUp(books, { listeningSince: NOON });
    });
    expect(await listAccountsToResume(db, noonPlus(HOUR), 10)).toEqual([]);
    await grantTo(db, account.id, { at: noonPlus(2 * HOUR), expiresAt: noonPlus(3 * HOUR) });
    expect(await listAccountsToResume(db, noonPlus(2 * HOUR - 1), 10)).toEqual([]);
    expect(await listAccountsToResume(db, noonPlus(2 * HOUR), 10)).toEqual([account.id]);
    expect(await listAccountsToResume(db, noonPlus(3 * HOUR), 10)).toEqual([]);
  });

  test("scans due in a range, after one instant and up to another, in pages by id", async () => {
    await grantTo(db, account.id);
    const scans = [];
    for (const ms of [3, 2, 1]) scans.push(await startOn(db, account, { at: noonPlus(ms) }));
    const [a, b, c] = scans.map(({ id }) => id) as string[] as [string, string, string];
    const between = (from: number, until: number, afterId = "", limit = 10) =>
      listScansDueBetween(
        db,
        { from: noonPlus(HOUR + from), until: noonPlus(HOUR + until), afterId },
        limit,
      );
    expect(await between(0, 3)).toEqual([a, b, c]);
    expect(await between(1, 2)).toEqual([b]);
    expect(await between(0, 3, "", 2)).toEqual([a, b]);
    expect(await between(0, 3, b, 2)).toEqual([c]);
  });

  describe("next", () => {
    test("is the next hour of a scan, or before it the silence of its runner", async () => {
      await grantTo(db, account.id, { credits: 1, expiresAt: noonPlus(DAY) });
      await startOn(db, account);
      expect(await findNextDueAt(db, NOON, LOST)).toBe(noonPlus(LOST));
      expect(await findNextDueAt(db, noonPlus(LOST), LOST)).toBe(noonPlus(HOUR));
      expect(await findNextDueAt(db, noonPlus(HOUR), LOST)).toBeNull();
    });

    test("is the expiry of a remainder", async () => {
      await grantTo(db, account.id, { expiresAt: noonPlus(DAY) });
      await grantTo(db, account.id, { expiresAt: noonPlus(2 * DAY) });
      expect(await findNextDueAt(db, NOON, LOST)).toBe(noonPlus(DAY));
      expect(await findNextDueAt(db, noonPlus(DAY), LOST)).toBe(noonPlus(2 * DAY));
      expect(await findNextDueAt(db, noonPlus(2 * DAY), LOST)).toBeNull();
    });
  });
});
