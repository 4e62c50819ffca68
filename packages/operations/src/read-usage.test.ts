import { type Instant, instant, parseInstant } from "@scanmeter/core";
import {
  anAccount,
  DAY,
  databases,
  grantTo,
  HOUR,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readForecast, readSnapshot } from "./read-account.ts";
import { readUsage, type Usage } from "./read-usage.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

const at = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN);

describe.each(databases)("use day by day in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    deps = await depsOver(temp.database, { at: at("2026-03-01T00:00:00Z") });
    account = await anAccount(deps.db);
  });

  async function usageAt(now: Instant, timeZone = "UTC", days = 30): Promise<Usage> {
    deps.clock.advance(now - deps.clock.now());
    const usage = await readUsage(deps, { account: { id: account.id, timeZone }, days });
    if (usage === null) throw new Error("the account exists");
    return usage;
  }

  /** Only the days on which something was used. */
  const usedOn = ({ days }: Usage) =>
    Object.fromEntries(days.flatMap(({ date, used }) => (used === 0 ? [] : [[date, used]])));

  const grant = (credits: number, when: Instant, expiresAt: Instant) =>
    grantTo(deps.db, account.id, { credits, at: when, expiresAt });

  test("has so many days, of which the last is today, and ends with what is available", async () => {
    const now = at("2026-03-30T15:00:00Z");
    await grant(10, at("2026-03-02T09:00:00Z"), at("2027-03-02T09:00:00Z"));
    await startOn(deps.db, account, { at: at("2026-03-30T14:00:00Z") });
    const usage = await usageAt(now);
    expect(usage.days).toHaveLength(30);
    expect(usage).toMatchObject({ from: at("2026-03-01T00:00:00Z"), to: now, balanceAtStart: 0 });
    expect(usage.days[0]).toMatchObject({ date: "2026-03-01", added: 0, balanceAtEnd: 0 });
    expect(usage.days[1]).toMatchObject({ date: "2026-03-02", added: 10, balanceAtEnd: 10 });
    expect(usage.days.at(-1)).toMatchObject({ date: "2026-03-30", used: 1, balanceAtEnd: 9 });
    expect((await usageAt(now, "UTC", 90)).days[0]?.date).toBe("2025-12-31");
  });

  test("an hour belongs to the day on the wall of the account's zone", async () => {
    const now = at("2026-03-30T12:00:00Z");
    await grant(10, at("2026-03-02T09:00:00Z"), at("2027-03-02T09:00:00Z"));
    // The clocks are changed on the 29th, at one in Lisbon: it has 23 hours there.
    for (const time of ["28T23:59", "29T00:00", "29T22:59", "29T23:00"]) {
      await startOn(deps.db, account, { at: at(`2026-03-${time}:00Z`) });
    }
    expect(usedOn(await usageAt(now, "Europe/Lisbon"))).toEqual({
      "2026-03-28": 1,
      "2026-03-29": 2,
      "2026-03-30": 1,
    });
    expect(usedOn(await usageAt(now, "UTC"))).toEqual({ "2026-03-28": 1, "2026-03-29": 3 });
    // Midnight there is at a quarter past six in the evening.
    expect(usedOn(await usageAt(now, "Asia/Kathmandu"))).toEqual({
      "2026-03-29": 2,
      "2026-03-30": 2,
    });
  });

  test("credits are gone on their last day, before anybody has booked it", async () => {
    await grant(4, at("2026-03-02T09:00:00Z"), at("2026-03-20T09:00:00Z"));
    const usage = await usageAt(at("2026-03-21T12:00:00Z"));
    expect(usage.days.slice(-2)).toMatchObject([
      { date: "2026-03-20", expired: 4, balanceAtEnd: 0 },
      { date: "2026-03-21", expired: 0, balanceAtEnd: 0 },
    ]);
  });

  test("what is older only makes the balance of the first day", async () => {
    await grant(10, at("2026-03-02T09:00:00Z"), at("2027-03-02T09:00:00Z"));
    await startOn(deps.db, account, { at: at("2026-03-02T10:00:00Z") });
    const usage = await usageAt(at("2026-05-02T12:00:00Z"));
    expect(usage.balanceAtStart).toBe(9);
    expect(usedOn(usage)).toEqual({});
  });

  test("its forecast is the overview's", async () => {
    const granted = at("2026-03-02T00:00:00Z");
    await grant(10, granted, instant(granted + 3 * DAY));
    for (let hour = 1; hour <= 4; hour++) {
      await startOn(deps.db, account, { at: instant(granted + hour * HOUR) });
    }
    const { forecast } = await usageAt(instant(granted + 2 * DAY));
    const snapshot = await readSnapshot(deps, account.id);
    expect(snapshot && (await readForecast(deps, snapshot))).toEqual(forecast);
    const runsOutAt = instant(granted + 3 * DAY);
    expect(forecast).toMatchObject({ creditsPerDay: 2, runsOutAt });
    expect(forecast.expiring).toEqual([{ at: runsOutAt, credits: 4 }]);
  });

  test("an account that was idle for a while is judged by the whole of it", async () => {
    await grant(10, at("2026-03-02T00:00:00Z"), at("2027-03-02T00:00:00Z"));
    await startOn(deps.db, account, { at: at("2026-05-01T00:00:00Z") });
    const { forecast } = await usageAt(at("2026-05-02T00:00:00Z"));
    expect(forecast.creditsPerDay).toBe(0.03);
  });

  test("an unknown account has none", async () => {
    const query = { account: { id: "acc_unknown", timeZone: "UTC" }, days: 30 };
    expect(await readUsage(deps, query)).toBeNull();
  });
});
