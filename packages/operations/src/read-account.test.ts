import type { Instant } from "@scanmeter/core";
import {
  anAccount,
  DAY,
  databases,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readBalanceAt, readForecast, readSnapshot } from "./read-account.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

describe.each(databases)("an account read from $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    deps = await depsOver(temp.database, { at: NOON });
    account = await anAccount(deps.db);
  });

  const at = async (instant: Instant) => {
    const { available, paid, free, debt } = await readBalanceAt(deps, account.id, instant);
    return [available, paid, free, debt];
  };

  test("an unknown account has no snapshot", async () => {
    expect(await readSnapshot(deps, "acc_unknown")).toBeNull();
    expect(await readSnapshot(deps, account.id)).toMatchObject({ now: NOON, reason: "opened" });
  });

  test("the balance of a past instant is what it was, of a future one what it will be if nothing happens", async () => {
    await grantTo(deps.db, account.id, { credits: 5, kind: "paid", expiresAt: noonPlus(10 * DAY) });
    await grantTo(deps.db, account.id, {
      credits: 2,
      kind: "free",
      at: noonPlus(HOUR),
      expiresAt: noonPlus(DAY),
    });
    await startOn(deps.db, account, { at: noonPlus(2 * HOUR) });
    deps.clock.advance(3 * HOUR);
    expect(await at(noonPlus(-1))).toEqual([0, 0, 0, 0]);
    expect(await at(NOON)).toEqual([5, 5, 0, 0]);
    expect(await at(noonPlus(HOUR))).toEqual([7, 5, 2, 0]);
    expect(await at(noonPlus(2 * HOUR))).toEqual([6, 5, 1, 0]);
    expect(await at(noonPlus(3 * HOUR))).toEqual([6, 5, 1, 0]);
    // True by the clock: from the instant on, whether or not a job has written the remainder off.
    expect(await at(noonPlus(DAY - 1))).toEqual([6, 5, 1, 0]);
    expect(await at(noonPlus(DAY))).toEqual([5, 5, 0, 0]);
    expect(await at(noonPlus(10 * DAY))).toEqual([0, 0, 0, 0]);
  });

  test("the past does not change when the present does", async () => {
    await grantTo(deps.db, account.id, { credits: 5 });
    deps.clock.advance(HOUR);
    const before = await at(noonPlus(1));
    await startOn(deps.db, account, { at: noonPlus(HOUR) });
    expect(await at(noonPlus(1))).toEqual(before);
  });

  test("a forecast judges a young account by the days it has, an idle one not at all", async () => {
    const forecast = async () => {
      const snapshot = await readSnapshot(deps, account.id);
      return snapshot === null ? null : readForecast(deps, snapshot);
    };
    await grantTo(deps.db, account.id, { credits: 10 });
    expect(await forecast()).toMatchObject({ creditsPerDay: 0, runsOutAt: null });
    for (let nth = 0; nth < 4; nth++) await startOn(deps.db, account);
    expect(await forecast()).toMatchObject({ creditsPerDay: 4, runsOutAt: noonPlus(1.5 * DAY) });
    deps.clock.advance(2 * DAY);
    expect(await forecast()).toMatchObject({ creditsPerDay: 2, runsOutAt: noonPlus(5 * DAY) });
  });
});
