import { describe, expect, test } from "vitest";
import type { TopUp } from "../purchase/top-up.ts";
import { openTopUp } from "../purchase/top-up.ts";
import { aSeenPurchase, someFacts, someSettings } from "../testing/auto-top-ups.ts";
import { at, lotId, noon } from "../testing/builders.ts";
import { anIntent, aTopUp, declined, through } from "../testing/purchases.ts";
import { credits, type Instant } from "../units.ts";
import type { AutoTopUpFacts } from "./facts.ts";
import { lastLook } from "./last-look.ts";

const HOUR = 60;
const expiry = at(72 * HOUR);
const renewal = { lotId: lotId("a"), expiresAt: expiry };

const order = (change: Partial<TopUp> = {}) =>
  openTopUp({ ...aTopUp(), trigger: "out_of_credits", ...change }, noon);

const look = (change: Partial<AutoTopUpFacts> = {}, topUp = order(), now: Instant = noon) => {
  const seen = aSeenPurchase({ ...topUp });
  const found = lastLook(someFacts({ purchases: [seen], ...change }), topUp, now);
  return found.do === "stop" ? [found.reason, found.as] : found.do;
};

describe("an automatic purchase", () => {
  test("goes on while it is what the customer asked for and needs", () => {
    expect(look()).toBe("go_on");
  });

  test("that was switched off, or whose trigger was, charges nothing", () => {
    expect(look({ settings: someSettings({ enabled: false }) })).toEqual([
      "switched_off",
      "canceled",
    ]);
    const settings = someSettings({ triggers: { outOfCredits: false } });
    expect(look({ settings })).toEqual(["not_needed", "canceled"]);
  });

  test("waits while the customer is about to pay by hand", () => {
    expect(look({ checkoutUntil: at(1) })).toEqual(["other_purchase", "canceled"]);
    expect(look({ checkoutUntil: noon })).toBe("go_on");
  });

  test("is not needed when credits came otherwise, and is while an hour waits for one", () => {
    const available = credits(1);
    expect(look({ available })).toEqual(["not_needed", "canceled"]);
    expect(look({ available, isDueHourUnpaid: true })).toBe("go_on");
  });

  test("before an expiry is not needed when the date moved or nothing is left", () => {
    const topUp = openTopUp({ ...aTopUp(), trigger: "before_expiry", usefulUntil: expiry }, noon);
    const available = credits(5);
    expect(look({ available, renewal }, topUp)).toBe("go_on");
    const moved = { ...renewal, expiresAt: at(72 * HOUR + 1) };
    expect(look({ available, renewal: moved }, topUp)).toEqual(["not_needed", "canceled"]);
    expect(look({ available }, topUp)).toEqual(["not_needed", "canceled"]);
  });

  test("before an expiry goes on if the account ran out meanwhile: the credits are wanted either way", () => {
    const topUp = openTopUp({ ...aTopUp(), trigger: "before_expiry", usefulUntil: expiry }, noon);
    expect(look({}, topUp)).toBe("go_on");
  });

  test("of another quantity than is wanted now is not what the customer asked for any more", () => {
    const settings = someSettings({ quantity: 9 });
    expect(look({ settings })).toEqual(["settings_changed", "canceled"]);
  });

  test("charges nothing without agreement, under a suspension, without a card", () => {
    expect(look({ consent: null })).toEqual(["consent_needed", "canceled"]);
    const suspension = { reason: "dispute", since: noon, topUpId: null } as const;
    expect(look({ suspension })).toEqual(["suspended", "canceled"]);
    expect(look({ card: null })).toEqual(["no_card", "canceled"]);
  });

  test("gives way to a purchase by hand that is being paid", () => {
    const topUp = order();
    const byHand = aSeenPurchase({ id: "top_2" as never, trigger: "manual", state: "charging" });
    const purchases = [aSeenPurchase({ ...topUp }), byHand];
    expect(look({ purchases }, topUp)).toEqual(["other_purchase", "canceled"]);
  });

  test("charges nothing above a limit that was lowered meanwhile, and does not count itself twice", () => {
    expect(look({ settings: someSettings({ monthlyLimitMinor: 95_00 }) })).toBe("go_on");
    expect(look({ settings: someSettings({ monthlyLimitMinor: 94_99 }) })).toEqual([
      "limit_reached",
      "canceled",
    ]);
  });

  test("that comes too late has expired, or failed if it had been tried", () => {
    const topUp = openTopUp({ ...aTopUp(), trigger: "before_expiry", usefulUntil: expiry }, noon);
    const facts = { available: credits(5), renewal };
    expect(look(facts, topUp, at(72 * HOUR, -1))).toBe("go_on");
    expect(look(facts, topUp, expiry)).toEqual(["too_late", "expired"]);
    const tried = through(
      topUp,
      [noon, { type: "attempt_stored", action: "create", params: "{}" }],
      [noon, { type: "answered", number: 1, answer: { is: "intent", intent: anIntent() } }],
      [noon, { type: "attempt_stored", action: "confirm", params: "{}" }],
      [noon, { type: "answered", number: 2, answer: { is: "declined", failure: declined } }],
    );
    expect(look(facts, tried, expiry)).toEqual(["too_late", "failed"]);
  });
});
