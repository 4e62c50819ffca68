import { describe, expect, test } from "vitest";
import { someFacts, someSettings, tenForNinetyFive } from "../testing/auto-top-ups.ts";
import { at, lotId, noon } from "../testing/builders.ts";
import { credits, type Instant, isoOf, parseInstant } from "../units.ts";
import {
  type BacktestTerms,
  backtest,
  type Past,
  type PastLot,
  type PastUsage,
} from "./backtest.ts";
import { previewOf } from "./preview.ts";

const on = (text: string) => parseInstant(`${text}T12:00:00Z`) as Instant;
const day = (at: Instant) => isoOf(at).slice(0, 10);
const year: Pick<Past, "from" | "until"> = { from: on("2026-01-01"), until: on("2027-01-01") };

const terms = (change: Parameters<typeof someSettings>[0] = {}): BacktestTerms => ({
  settings: someSettings(change),
  quote: tenForNinetyFive,
  timeZone: "UTC",
});
const lot = (change: Partial<PastLot> = {}): PastLot => ({
  kind: "paid",
  credits: 10,
  at: on("2025-09-01"),
  expiresAt: on("2026-09-01"),
  isPurchase: false,
  ...change,
});
const spent = (text: string, count = 1): PastUsage => ({ at: on(text), credits: count });

function run(past: Partial<Past>, change: Parameters<typeof someSettings>[0] = {}) {
  const result = backtest({ ...year, lots: [], usage: [], ...past }, terms(change));
  return {
    ...result,
    purchases: result.purchases.map(({ at: when, trigger }) => `${day(when)} ${trigger}`),
  };
}

describe("looking back", () => {
  test("a year in which nothing happened would have bought nothing", () => {
    expect(run({})).toEqual({ purchases: [], totalMinor: 0, unpaidCredits: 0 });
  });

  test("the debit that reaches the threshold would have bought, at today's price", () => {
    const usage = [spent("2026-02-01", 9), spent("2026-02-02"), spent("2026-03-01", 10)];
    const triggers = { beforeExpiry: false };
    expect(run({ lots: [lot()], usage }, { triggers })).toEqual({
      purchases: ["2026-02-02 out_of_credits", "2026-03-01 out_of_credits"],
      totalMinor: 190_00,
      unpaidCredits: 0,
    });
    const [first] = run({ lots: [lot()], usage }, { triggers, threshold: 1 }).purchases;
    expect(first).toBe("2026-02-01 out_of_credits");
  });

  test("a silent year would have bought three days before the date, once, and moved it a year on", () => {
    const lots = [lot({ expiresAt: on("2026-05-20") })];
    expect(run({ lots }).purchases).toEqual(["2026-05-17 before_expiry"]);
  });

  test("credits that were spent before their date would have bought nothing for it", () => {
    const usage = [spent("2026-02-01", 10)];
    const triggers = { outOfCredits: false };
    expect(run({ lots: [lot()], usage }, { triggers }).purchases).toEqual([]);
  });

  test("what ran out and what was bought by hand would have moved the date as well", () => {
    const byHand = lot({ at: on("2026-08-01"), expiresAt: on("2027-08-01"), isPurchase: true });
    expect(run({ lots: [lot(), byHand] }).purchases).toEqual([]);
    const free = lot({ kind: "free", at: on("2026-08-01"), expiresAt: on("2027-08-01") });
    expect(run({ lots: [lot(), free] }).purchases).toEqual(["2026-08-29 before_expiry"]);
  });

  test("free credits would have been spent first, then the ones nearest their date", () => {
    const lots = [
      lot({ credits: 1, expiresAt: on("2026-02-10") }),
      lot({ credits: 1, kind: "free", expiresAt: on("2026-12-01") }),
    ];
    const usage = [spent("2026-02-01")];
    expect(run({ lots, usage }).purchases).toEqual(["2026-02-07 before_expiry"]);
  });

  test("caps and the limit would have stopped it, and what they cost is told", () => {
    const usage = [spent("2026-02-01", 25)];
    const triggers = { beforeExpiry: false };
    // One an hour: the second ten could not have come in time.
    expect(run({ usage }, { triggers })).toMatchObject({
      purchases: ["2026-02-01 out_of_credits"],
      unpaidCredits: 15,
    });
    const monthly = ["02-01", "02-02", "03-01"].map((text) => spent(`2026-${text}`, 10));
    expect(run({ usage: monthly }, { triggers, monthlyLimitMinor: 95_00 })).toMatchObject({
      purchases: ["2026-02-01 out_of_credits", "2026-03-01 out_of_credits"],
      unpaidCredits: 10,
    });
  });

  test("credits that went at their date would have been bought anew, for that is running out, too", () => {
    const lots = [lot({ expiresAt: on("2026-05-20") })];
    const triggers = { beforeExpiry: false };
    expect(run({ lots }, { triggers }).purchases).toEqual(["2026-05-20 out_of_credits"]);
  });

  test("a date just after the beginning would have been renewed at the beginning", () => {
    const lots = [lot({ expiresAt: on("2026-01-02") })];
    expect(run({ lots }).purchases[0]).toBe("2026-01-01 before_expiry");
    expect(run({ lots: [lot({ expiresAt: year.from })] }).purchases).toEqual([]);
  });

  test("credits a limit kept from being renewed would have been there until their date", () => {
    const lots = [lot({ credits: 2, expiresAt: on("2026-05-20") })];
    const usage = [spent("2026-05-19"), spent("2026-05-21")];
    const triggers = { outOfCredits: false };
    expect(run({ lots, usage }, { triggers, monthlyLimitMinor: 1 })).toMatchObject({
      purchases: [],
      unpaidCredits: 1,
    });
  });

  test("neither the beginning nor the end of the time is counted twice", () => {
    const usage = [{ at: (year.from - 1) as Instant, credits: 1 }, spent("2027-01-01")];
    expect(run({ usage }).purchases).toEqual([]);
    const triggers = { beforeExpiry: false };
    expect(run({ usage: [spent("2026-01-01")] }, { triggers }).purchases).toHaveLength(1);
  });
});

describe("a preview", () => {
  const past: Past = { ...year, lots: [], usage: [] };
  const preview = (change: Parameters<typeof someFacts>[0] = {}) =>
    previewOf(someFacts(change), past, noon);

  test("warns that a card would be charged now, also when it is only the card that is missing", () => {
    expect(preview().chargesNow).toEqual({ trigger: "out_of_credits" });
    expect(preview({ card: null }).chargesNow).not.toBeNull();
    expect(preview({ available: credits(1) }).chargesNow).toBeNull();
    const renewal = { lotId: lotId("a"), expiresAt: at(60) };
    expect(preview({ available: credits(1), renewal }).chargesNow).toEqual({
      trigger: "before_expiry",
    });
  });

  test("does not warn when it is off", () => {
    expect(preview({ settings: someSettings({ enabled: false }) }).chargesNow).toBeNull();
  });

  test("says what comes next: the date, the balance, the price and the use of the limit", () => {
    const renewal = { lotId: lotId("a"), expiresAt: at(10 * 24 * 60) };
    const settings = someSettings({ threshold: 2, monthlyLimitMinor: 300_00 });
    expect(preview({ settings, renewal, available: credits(9) }).summary).toMatchObject({
      quantity: 10,
      totalMinor: 95_00,
      currency: "EUR",
      monthlyLimitMinor: 300_00,
      spentThisMonthMinor: 0,
      renewal: { dueAt: at(7 * 24 * 60), expiresAt: at(10 * 24 * 60) },
      buysAtBalance: 2,
    });
  });

  test("names no date and no balance for what was not asked for", () => {
    const settings = someSettings({ triggers: { outOfCredits: false, beforeExpiry: true } });
    expect(preview({ settings }).summary).toMatchObject({ renewal: null, buysAtBalance: null });
  });
});
