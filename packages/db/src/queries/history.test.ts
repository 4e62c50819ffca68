import {
  catchUp,
  credits,
  decideFinish,
  decideRevive,
  type Instant,
  idOf,
  instant,
  type LotId,
  planExtensions,
  type Scan,
} from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
import { findDebtAsOf, findUsageSince, listLotsAsOf } from "./history.ts";
import { findSnapshot } from "./snapshot.ts";

describe.each(databases)("the past in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  const remainders = async (account: TestAccount, at: Instant) =>
    Object.fromEntries(
      (await listLotsAsOf(db, account.id, at)).map((lot) => [lot.id, lot.remaining]),
    );

  const expiryOf = async (account: TestAccount, lotId: LotId, at: Instant) =>
    (await listLotsAsOf(db, account.id, at)).find(({ id }) => id === lotId)?.expiresAt;

  const extend = (account: TestAccount, newExpiresAt: Instant, now: Instant) =>
    decideIn(db, account.id, { now }, (books) =>
      books.book({
        kind: "extension",
        key: unique(),
        bookedAt: now,
        extensions: planExtensions(books.lots, newExpiresAt, now),
      }),
    );

  test("a lot is there from its grant on, as it was granted", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, {
      credits: 5,
      kind: "free",
      source: "trial",
      at: noonPlus(10),
    });
    expect(await listLotsAsOf(db, account.id, noonPlus(9))).toEqual([]);
    expect(await listLotsAsOf(db, account.id, noonPlus(10))).toEqual([
      {
        id: lotId,
        kind: "free",
        source: "trial",
        granted: 5,
        remaining: 5,
        frozen: 0,
        kept: 0,
        effectiveAt: noonPlus(10),
        expiresAt: noonPlus(365 * DAY),
      },
    ]);
  });

  test("a debit counts from its own instant, and a return gives it back from its own", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, { credits: 1 });
    const scan = await startOn(db, account, { at: noonPlus(10) });
    await decideIn(db, account.id, { now: noonPlus(20), scans: [scan] }, (books) =>
      accepted(
        decideFinish(books, books.scan(scan.id) as Scan, {
          outcome: "failed",
          fault: "platform",
          by: "runner",
        }),
      ),
    );
    const seen = [];
    for (const ms of [9, 10, 19, 20]) seen.push((await remainders(account, noonPlus(ms)))[lotId]);
    expect(seen).toEqual([1, 0, 0, 1]);
  });

  test("credits are frozen from the freeze to the release, each at its instant", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, { credits: 5 });
    await moveHold(db, account.id, { lotId, amount: 3, as: "freeze", at: noonPlus(10) });
    await moveHold(db, account.id, { lotId, amount: 1, as: "release", at: noonPlus(20) });
    const seen = [];
    for (const ms of [9, 10, 19, 20]) {
      const [lot] = await listLotsAsOf(db, account.id, noonPlus(ms));
      seen.push([lot?.remaining, lot?.frozen]);
    }
    expect(seen).toEqual([
      [5, 0],
      [2, 3],
      [2, 3],
      [3, 2],
    ]);
  });

  test("credits are kept from their date to the purchase that revives them, apart from a dispute's", async () => {
    const account = await anAccount(db);
    const [date, newDate] = [noonPlus(HOUR), noonPlus(400 * DAY)] as const;
    const lotId = await grantTo(db, account.id, { credits: 5, expiresAt: date });
    await moveHold(db, account.id, { lotId, amount: 2, as: "freeze" });
    await keepExpired(db, account.id);
    const catchUpAt = noonPlus(5 * HOUR);
    await decideIn(db, account.id, { now: catchUpAt }, (books) =>
      catchUp(books, { listeningSince: NOON }),
    );
    const revival = { paymentIntentId: unique(), topUpId: idOf("topUp", unique()) };
    await decideIn(db, account.id, { now: noonPlus(DAY) }, (books) =>
      decideRevive(books, { ...revival, newExpiresAt: newDate }),
    );
    const seen = [];
    for (const at of [instant(date - 1), date, noonPlus(DAY - 1), noonPlus(DAY)]) {
      const [lot] = await listLotsAsOf(db, account.id, at);
      seen.push([lot?.remaining, lot?.frozen, lot?.kept, lot?.expiresAt]);
    }
    expect(seen).toEqual([
      [3, 2, 0, date],
      [0, 5, 3, date],
      [0, 5, 3, date],
      [3, 2, 0, newDate],
    ]);
    const [stored] = (await findSnapshot(db, account.id))?.lots ?? [];
    expect(stored).toMatchObject({ remaining: 3, frozen: 2, kept: 0, expiresAt: newDate });
  });

  test("an hour that was written down late counts at its boundary", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, { credits: 2 });
    await decideIn(db, account.id, { now: noonPlus(9 * HOUR) }, (books) =>
      books.book({
        kind: "adjustment",
        key: unique(),
        bookedAt: noonPlus(HOUR),
        entries: [{ from: "customer", to: "usage", amount: credits(1), lotId }],
      }),
    );
    expect(await remainders(account, noonPlus(HOUR - 1))).toEqual({ [lotId]: 2 });
    expect(await remainders(account, noonPlus(HOUR))).toEqual({ [lotId]: 1 });
  });

  test("a lot has the date it had then, between any two extensions", async () => {
    const account = await anAccount(db);
    const dates = [30, 60, 90].map((days) => noonPlus(days * DAY)) as [Instant, Instant, Instant];
    const lotId = await grantTo(db, account.id, { expiresAt: dates[0] });
    await extend(account, dates[1], noonPlus(10));
    await extend(account, dates[2], noonPlus(20));
    const seen = [];
    for (const ms of [0, 9, 10, 19, 20, 99])
      seen.push(await expiryOf(account, lotId, noonPlus(ms)));
    expect(seen).toEqual([dates[0], dates[0], dates[1], dates[1], dates[2], dates[2]]);
  });

  test("an extension moves only the lots it names", async () => {
    const account = await anAccount(db);
    const free = await grantTo(db, account.id, { kind: "free", expiresAt: noonPlus(DAY) });
    const paid = await grantTo(db, account.id, { kind: "paid", expiresAt: noonPlus(DAY) });
    await extend(account, noonPlus(2 * DAY), noonPlus(10));
    expect(await expiryOf(account, free, noonPlus(20))).toBe(noonPlus(DAY));
    expect(await expiryOf(account, paid, noonPlus(20))).toBe(noonPlus(2 * DAY));
    expect(await expiryOf(account, paid, noonPlus(9))).toBe(noonPlus(DAY));
  });

  test("a forfeited remainder is gone from its date on", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, { credits: 4, expiresAt: noonPlus(HOUR) });
    await decideIn(db, account.id, { now: noonPlus(5 * HOUR) }, (books) =>
      books.book({
        kind: "breakage",
        key: unique(),
        bookedAt: noonPlus(HOUR),
        entries: [{ from: "customer", to: "breakage", amount: credits(4), lotId }],
      }),
    );
    expect(await remainders(account, noonPlus(HOUR - 1))).toEqual({ [lotId]: 4 });
    expect(await remainders(account, noonPlus(HOUR))).toEqual({ [lotId]: 0 });
  });

  test("a grant that repaid debt left the lot the rest", async () => {
    const account = await anAccount(db);
    await decideIn(db, account.id, {}, (books) =>
      books.book({
        kind: "adjustment",
        key: unique(),
        bookedAt: NOON,
        entries: [{ from: "customer", to: "usage", amount: credits(2), lotId: null }],
      }),
    );
    const lotId = await grantTo(db, account.id, { credits: 5, at: noonPlus(10) });
    expect(await findDebtAsOf(db, account.id, noonPlus(-1))).toBe(0);
    expect(await findDebtAsOf(db, account.id, NOON)).toBe(2);
    expect(await findDebtAsOf(db, account.id, noonPlus(9))).toBe(2);
    expect(await findDebtAsOf(db, account.id, noonPlus(10))).toBe(0);
    expect(await remainders(account, noonPlus(10))).toEqual({ [lotId]: 3 });
  });

  test("a debt that is forgiven shrinks at its instant", async () => {
    const account = await anAccount(db);
    const moves = [
      { from: "customer", to: "usage" },
      { from: "usage", to: "customer" },
    ] as const;
    for (const [index, move] of moves.entries()) {
      await decideIn(db, account.id, { now: noonPlus(index) }, (books) =>
        books.book({
          kind: "adjustment",
          key: unique(),
          bookedAt: books.now,
          entries: [{ ...move, amount: credits(1), lotId: null }],
        }),
      );
    }
    expect(await findDebtAsOf(db, account.id, NOON)).toBe(1);
    expect(await findDebtAsOf(db, account.id, noonPlus(1))).toBe(0);
  });

  test("usage is what was debited since, less what was returned", async () => {
    const account = await anAccount(db);
    expect(await findUsageSince(db, account.id, NOON)).toEqual({ credits: 0, firstAt: null });
    await grantTo(db, account.id);
    await startOn(db, account, { at: noonPlus(10) });
    const scan = await startOn(db, account, { at: noonPlus(20) });
    expect(await findUsageSince(db, account.id, NOON)).toEqual({ credits: 2, firstAt: NOON });
    expect(await findUsageSince(db, account.id, noonPlus(20))).toEqual({
      credits: 1,
      firstAt: noonPlus(20),
    });
    await decideIn(db, account.id, { now: noonPlus(30), scans: [scan] }, (books) =>
      accepted(
        decideFinish(books, books.scan(scan.id) as Scan, {
          outcome: "failed",
          fault: "platform",
          by: "runner",
        }),
      ),
    );
    expect((await findUsageSince(db, account.id, NOON)).credits).toBe(1);
  });
});
