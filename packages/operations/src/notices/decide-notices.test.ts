import type { Instant } from "@scanmeter/core";
import { findToldLevel, listNotices } from "@scanmeter/db";
import {
  anAccount,
  DAY,
  grantTo,
  NOON,
  noonPlus,
  openBooks,
  openTempDatabase,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decideNotices } from "./decide-notices.ts";

let temp: TempDatabase;
let account: TestAccount;

beforeEach(async () => {
  temp = await openTempDatabase();
  account = await anAccount(temp.database);
});
afterEach(() => temp.close());

/** As a look at the account does it. */
async function look(now: Instant) {
  const { database: db } = temp;
  const { books } = await openBooks(db, account.id, { now });
  const told = await findToldLevel(db, account.id);
  const decided = decideNotices(books, {
    timeZone: "Europe/Vienna",
    told,
    card: null,
    autoTopUp: null,
  });
  return { ...decided, store: () => db.write(decided.statements) };
}

const lookAndStore = async (now: Instant) => {
  const { store, nextAt } = await look(now);
  await store();
  return nextAt;
};
const kinds = async () =>
  (await listNotices(temp.database, { accountId: account.id, before: null, limit: 50 }))
    .map(({ kind }) => kind)
    .reverse();

describe("a look at an account", () => {
  test("has nothing to store where there is nothing to tell", async () => {
    const { statements, nextAt } = await look(NOON);
    expect(statements).toEqual([]);
    expect(nextAt).toBeNull();
  });

  test("tells the same once, however often anybody looks, and comes back when it said", async () => {
    await grantTo(temp.database, account.id, { credits: 6, expiresAt: noonPlus(40 * DAY) });
    const thirtyBefore = noonPlus(10 * DAY);
    expect(await lookAndStore(NOON)).toBe(thirtyBefore);
    for (const now of [thirtyBefore, thirtyBefore, noonPlus(12 * DAY)]) await lookAndStore(now);
    expect(await kinds()).toEqual(["expiring"]);
    // Seven days, one day, and the credits are gone; then nothing is left to wait for.
    let next: Instant | null = noonPlus(12 * DAY);
    while (next !== null) next = await lookAndStore(next);
    expect(await kinds()).toEqual(["expiring", "expiring", "expiring", "depleted"]);
  });

  test("tells of the balance as it goes down and comes back", async () => {
    await grantTo(temp.database, account.id, { credits: 6 });
    await lookAndStore(NOON);
    await startOn(temp.database, account);
    await lookAndStore(NOON);
    for (let started = 0; started < 5; started++) await startOn(temp.database, account);
    await lookAndStore(NOON);
    await grantTo(temp.database, account.id, { credits: 2 });
    await lookAndStore(NOON);
    expect((await kinds()).sort()).toEqual(["depleted", "low_balance", "recovered"]);
  });

  test("is a conflict, and tells nothing, when somebody else told of the balance meanwhile", async () => {
    await grantTo(temp.database, account.id, { credits: 6 });
    await lookAndStore(NOON);
    await startOn(temp.database, account);
    const [one, other] = [await look(NOON), await look(NOON)];
    await one.store();
    await expect(other.store()).rejects.toMatchObject({ isConflict: true });
    expect(await kinds()).toEqual(["low_balance"]);
  });
});
