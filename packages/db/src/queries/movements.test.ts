import {
  credits,
  decideFinish,
  type Instant,
  idOf,
  instant,
  keptReasons,
  type Scan,
} from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { findVersionBefore, listMovements, QUARTER_MS } from "./movements.ts";

describe.each(databases)("movements in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(db);
  });

  const movements = async (after = 0, until = 1_000) =>
    (await listMovements(db, account.id, { after, until })).map(
      ({ at, kind, from, to, isDebt, amount }) =>
        `${(at - NOON) / QUARTER_MS} ${kind} ${amount} ${from}-${to}${isDebt ? " debt" : ""}`,
    );

  test("of one quarter of an hour and one kind are added up, each at its own instant", async () => {
    await grantTo(db, account.id, { credits: 9 });
    for (const ms of [0, QUARTER_MS - 1, QUARTER_MS]) {
      await startOn(db, account, { at: noonPlus(ms) });
    }
    expect(await movements()).toEqual([
      "0 debit 2 customer-usage",
      "0 grant 9 purchases-customer",
      "1 debit 1 customer-usage",
    ]);
  });

  test("are those of the versions that are asked for", async () => {
    await grantTo(db, account.id, { credits: 9 });
    await grantTo(db, account.id, { credits: 4, kind: "free" });
    expect(await movements(1)).toEqual(["0 grant 4 grants-customer"]);
    expect(await movements(0, 1)).toEqual(["0 grant 9 purchases-customer"]);
    expect(await movements(2)).toEqual([]);
  });

  test("of debt are told apart, and what came back is a movement of its own", async () => {
    await decideIn(db, account.id, {}, (books) =>
      books.book({
        kind: "adjustment",
        key: unique(),
        bookedAt: NOON,
        entries: [{ from: "customer", to: "usage", amount: credits(2), lotId: null }],
      }),
    );
    await grantTo(db, account.id, { credits: 5 });
    const scan = await startOn(db, account, { at: noonPlus(HOUR) });
    await decideIn(db, account.id, { now: noonPlus(1.5 * HOUR), scans: [scan] }, (books) => {
      const ended = { outcome: "failed", fault: "platform", by: "runner" } as const;
      return accepted(decideFinish(books, books.scan(scan.id) as Scan, ended));
    });
    expect(await movements()).toEqual([
      "0 adjustment 2 customer-usage debt",
      "0 grant 2 customer-customer",
      "0 grant 5 purchases-customer",
      "4 debit 1 customer-usage",
      "6 return 1 usage-customer",
    ]);
  });

  test("say whether they are about kept credits, and no other reason", async () => {
    const lotId = await grantTo(db, account.id, { credits: 5, expiresAt: noonPlus(HOUR) });
    await keepExpired(db, account.id);
    await decideIn(db, account.id, { now: noonPlus(2 * HOUR) }, (books) =>
      books.book({
        kind: "freeze",
        key: unique(),
        bookedAt: noonPlus(HOUR),
        reason: keptReasons.frozen,
        entries: [{ from: "customer", to: "holds", amount: credits(5), lotId }],
      }),
    );
    const found = await listMovements(db, account.id, { after: 0, until: 9 });
    expect(found.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["grant", null],
      ["freeze", keptReasons.frozen],
    ]);
  });

  test("are nobody else's", async () => {
    await grantTo(db, (await anAccount(db)).id);
    expect(await movements()).toEqual([]);
  });

  test("the version before an instant is the newest that was written down by then", async () => {
    const before = (at: Instant) => findVersionBefore(db, account.id, at);
    expect(await before(NOON)).toBe(0);
    for (let day = 0; day < 9; day++) {
      // Counts from noon, and was written down on its day.
      await decideIn(db, account.id, { now: noonPlus(day * DAY) }, (books) =>
        books.book({ kind: "adjustment", key: unique(), bookedAt: NOON, entries: [] }),
      );
    }
    const seen = [];
    for (let day = -1; day <= 9; day++) {
      seen.push([await before(noonPlus(day * DAY)), await before(noonPlus(day * DAY + 1))]);
    }
    const expected = Array.from({ length: 9 }, (_, day) => [day, day + 1]);
    expect(seen).toEqual([[0, 0], ...expected, [9, 9]]);
    expect(await findVersionBefore(db, idOf("account", unique()), instant(NOON))).toBe(0);
  });

  test("are read from indexes, whatever else is in the ledger", async () => {
    const plans: string[] = [];
    const watched = {
      read: async ({ sql, args }: { sql: string; args: string[] }) => {
        const { rows } = await db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        plans.push(...rows.map(({ detail }) => String(detail)));
        return { rows: [], columns: [] };
      },
    } as unknown as Database;
    await listMovements(watched, account.id, { after: 0, until: 9 });
    await findVersionBefore(watched, account.id, NOON);
    const version = "SEARCH postings USING INDEX postings_version (account_id=? AND version=?)";
    // What is halved is in no table.
    const looks = plans.filter((plan) => /^(SEARCH|SCAN)/.test(plan) && !/ halves$/.test(plan));
    expect(looks).toEqual([
      "SEARCH p USING INDEX postings_version (account_id=? AND version>? AND version<?)",
      "SEARCH e USING PRIMARY KEY (posting_id=?)",
      "SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (id=?)",
      version,
      version,
    ]);
  });
});
