import { describe, expect, test } from "vitest";
import { aConsent, aSeenPurchase, someFacts, someSettings } from "../testing/auto-top-ups.ts";
import { accountId, at, lotId, noon } from "../testing/builders.ts";
import { credits, type Instant, parseInstant } from "../units.ts";
import { decideAutoTopUp } from "./decide.ts";
import type { AutoTopUpFacts } from "./facts.ts";

const DAYS_3 = 3 * 24 * 60;
const decide = (change: Partial<AutoTopUpFacts> = {}, now: Instant = noon) =>
  decideAutoTopUp(someFacts(change), now);
const renewal = { lotId: lotId("a"), expiresAt: at(DAYS_3) };
const enough = credits(5);

describe("running out", () => {
  test("buys at nothing left, under the episode's name", () => {
    expect(decide()).toEqual({
      do: "buy",
      trigger: "out_of_credits",
      triggerKey: `out-of-credits-${accountId}-7`,
      usefulUntil: null,
    });
  });

  test.each([
    [3, 4, "nothing"],
    [3, 3, "buy"],
    [3, 2, "buy"],
    [0, 1, "nothing"],
  ])("with the threshold %d and %d available: %s", (threshold, available, does) => {
    const settings = someSettings({ threshold });
    expect(decide({ settings, available: credits(available) }).do).toBe(does);
  });

  test("buys for a due hour that could not be paid, whatever is available since", () => {
    expect(decide({ available: enough, isDueHourUnpaid: true }).do).toBe("buy");
  });

  test("buys nothing unless it was asked for", () => {
    const settings = someSettings({ triggers: { outOfCredits: false } });
    expect(decide({ settings })).toEqual({ do: "nothing", reason: "enough", until: null });
    expect(decide({ settings: someSettings({ enabled: false }) })).toMatchObject({ reason: "off" });
  });

  test("is one episode until the next grant, and another one after it", () => {
    const triggerKey = `out-of-credits-${accountId}-7`;
    const paid = aSeenPurchase({ triggerKey, paidAt: at(-120), createdAt: at(-120) });
    expect(decide({ purchases: [paid] })).toMatchObject({ do: "nothing", reason: "answered" });
    expect(decide({ purchases: [paid], epoch: 8 })).toMatchObject({
      do: "buy",
      triggerKey: `out-of-credits-${accountId}-8`,
    });
  });

  test("stays open when its purchase ended unpaid: the next has a number, which only one can have", () => {
    const triggerKey = `out-of-credits-${accountId}-7`;
    const ended = aSeenPurchase({ triggerKey, state: "canceled" });
    const second = aSeenPurchase({ triggerKey: `${triggerKey}-2`, state: "canceled" });
    const other = aSeenPurchase({ triggerKey: `${triggerKey}1`, state: "canceled" });
    expect(decide({ purchases: [ended] })).toMatchObject({ triggerKey: `${triggerKey}-2` });
    expect(decide({ purchases: [ended, second, other] })).toMatchObject({
      triggerKey: `${triggerKey}-3`,
    });
  });
});

describe("before an expiry", () => {
  test("buys three days before, and not a millisecond earlier", () => {
    expect(decide({ available: enough, renewal })).toEqual({
      do: "buy",
      trigger: "before_expiry",
      triggerKey: `before-expiry-${accountId}-${lotId("a")}-${at(DAYS_3)}`,
      usefulUntil: at(DAYS_3),
    });
    expect(decide({ available: enough, renewal }, at(0, -1))).toEqual({
      do: "nothing",
      reason: "enough",
      until: noon,
    });
  });

  test("buys up to the last millisecond before the date, and not at it", () => {
    expect(decide({ available: enough, renewal }, at(DAYS_3, -1)).do).toBe("buy");
    expect(decide({ available: enough, renewal }, at(DAYS_3)).do).toBe("nothing");
  });

  test("is asked about again when it will be due, or when credits go by themselves before that", () => {
    const facts = { available: enough, renewal, nextExpiryAt: at(-10) };
    expect(decide(facts, at(-60))).toMatchObject({ do: "nothing", until: at(-10) });
    expect(decide({ ...facts, nextExpiryAt: at(10) }, at(-60))).toMatchObject({ until: noon });
    const settings = someSettings({ triggers: { outOfCredits: false } });
    expect(decide({ ...facts, settings }, at(-60))).toMatchObject({ until: noon });
  });

  test("counts its days by the clocks of the account's time zone", () => {
    const expiresAt = parseInstant("2027-03-29T11:00:00Z") as Instant;
    const due = parseInstant("2027-03-26T12:00:00Z") as Instant;
    const facts = {
      available: enough,
      timeZone: "Europe/Lisbon",
      renewal: { ...renewal, expiresAt },
    };
    expect(decide(facts, (due - 1) as Instant).do).toBe("nothing");
    expect(decide(facts, due).do).toBe("buy");
  });

  test("buys nothing when no paid credits are left, and nothing when it was not asked for", () => {
    expect(decide({ available: enough }).do).toBe("nothing");
    const settings = someSettings({ triggers: { beforeExpiry: false } });
    expect(decide({ available: enough, renewal, settings })).toEqual({
      do: "nothing",
      reason: "enough",
      until: null,
    });
  });

  test("together with running out only one buys, and the other finds it under way", () => {
    expect(decide({ renewal })).toMatchObject({ do: "buy", trigger: "out_of_credits" });
    const underWay = aSeenPurchase({ state: "charging", nextStepAt: at(1) });
    expect(decide({ renewal, purchases: [underWay] })).toMatchObject({
      do: "wait",
      reason: "purchase_in_flight",
    });
  });
});

describe("in the way is", () => {
  const waits = (change: Partial<AutoTopUpFacts>, now?: Instant) => {
    const decision = decide(change, now);
    return decision.do === "wait" ? [decision.reason, decision.until] : decision.do;
  };

  test.each(["draft", "awaiting_payment", "charging", "retry_wait", "processing"] as const)(
    "an automatic purchase in the state %s: what it buys counts as coming",
    (state) => {
      const purchases = [aSeenPurchase({ state, nextStepAt: at(9) })];
      expect(waits({ purchases })).toEqual(["purchase_in_flight", at(9)]);
    },
  );

  test("a purchase by hand that is being paid", () => {
    const byHand = aSeenPurchase({
      trigger: "manual",
      triggerKey: "manual:1",
      state: "charging",
      nextStepAt: at(3),
    });
    expect(waits({ purchases: [byHand] })).toEqual(["purchase_in_flight", at(3)]);
  });

  test("a customer about to pay by hand, for as long as they are given", () => {
    expect(waits({ checkoutUntil: at(30) })).toEqual(["purchase_in_flight", at(30)]);
    expect(decide({ checkoutUntil: noon })).toMatchObject({ do: "buy" });
  });

  test("one that waits for the customer to confirm it", () => {
    const asked = aSeenPurchase({ state: "action_required", nextStepAt: at(99) });
    expect(waits({ purchases: [asked] })).toEqual(["needs_authentication", at(99)]);
  });

  test("one that a person looks at, but not one by hand", () => {
    const reviewed = aSeenPurchase({ state: "needs_review" });
    expect(waits({ purchases: [reviewed] })).toEqual(["under_review", null]);
    expect(waits({ purchases: [{ ...reviewed, trigger: "manual" }] })).toBe("buy");
  });

  test("a suspension, a missing card, and a missing agreement, in this order", () => {
    const suspension = { reason: "card_refused", since: noon, topUpId: null } as const;
    expect(waits({ suspension, card: null, consent: null })).toEqual(["suspended", null]);
    expect(waits({ card: null, consent: null })).toEqual(["no_card", null]);
    expect(waits({ consent: null })).toEqual(["consent_needed", null]);
  });

  test("a price that rose above the agreed one, or settings beyond it", () => {
    const cheap = aConsent();
    const dearer = { ...cheap, price: { ...cheap.price, netMinor: 94_99 as never } };
    expect(waits({ consent: dearer })).toEqual(["consent_needed", null]);
    const settings = someSettings({ threshold: 1 });
    expect(waits({ settings, consent: cheap })).toEqual(["consent_needed", null]);
  });

  test("a purchase less than an hour ago", () => {
    const minutesAgo = (minutes: number, ms = 0) =>
      aSeenPurchase({ paidAt: at(-minutes, ms), createdAt: at(-minutes, ms) });
    expect(waits({ purchases: [minutesAgo(60, 1)] })).toEqual(["too_often", at(0, 1)]);
    expect(waits({ purchases: [minutesAgo(60)] })).toBe("buy");
  });

  test("three within 24 hours, until the first of them is a day old", () => {
    const hoursAgo = (hours: number) =>
      aSeenPurchase({ paidAt: at(-hours * 60), createdAt: at(-hours * 60) });
    expect(waits({ purchases: [1, 2, 23.5].map(hoursAgo) })).toEqual(["too_often", at(30)]);
    expect(waits({ purchases: [1, 2, 24].map(hoursAgo) })).toBe("buy");
  });

  test("one that failed less than an hour ago, unless another card was chosen since", () => {
    const failed = aSeenPurchase({ state: "failed", createdAt: at(-10) });
    expect(waits({ purchases: [failed] })).toEqual(["too_often", at(50)]);
    expect(waits({ purchases: [failed], card: { since: at(-10, 1) } })).toBe("buy");
    expect(waits({ purchases: [{ ...failed, state: "canceled" }] })).toBe("buy");
  });

  test("not a purchase by hand, however recent", () => {
    expect(waits({ purchases: [aSeenPurchase({ trigger: "manual", paidAt: noon })] })).toBe("buy");
  });

  test("the customer's limit for the month, to the cent and to its first instant", () => {
    const settings = someSettings({ monthlyLimitMinor: 190_00 });
    const paid = aSeenPurchase({ paidAt: at(-600), createdAt: at(-600) });
    const nextMonth = parseInstant("2026-04-01T00:00:00Z") as Instant;
    expect(waits({ settings, purchases: [paid] })).toBe("buy");
    expect(waits({ settings, purchases: [paid, paid] })).toEqual(["limit_reached", nextMonth]);
    expect(waits({ settings, purchases: [paid, paid] }, nextMonth)).toBe("buy");
    const tight = someSettings({ monthlyLimitMinor: 189_99 });
    expect(waits({ settings: tight, purchases: [paid] })).toEqual(["limit_reached", nextMonth]);
  });

  test("not a month that is over in the account's own time zone", () => {
    const settings = someSettings({ monthlyLimitMinor: 95_00 });
    const now = parseInstant("2026-04-01T01:00:00Z") as Instant;
    const paidAt = parseInstant("2026-03-31T22:30:00Z") as Instant;
    const purchases = [aSeenPurchase({ paidAt, createdAt: paidAt })];
    expect(waits({ settings, purchases, timeZone: "Europe/Lisbon" }, now)).toBe("buy");
    expect(waits({ settings, purchases, timeZone: "Europe/Madrid" }, now)[0]).toBe("limit_reached");
  });
});
