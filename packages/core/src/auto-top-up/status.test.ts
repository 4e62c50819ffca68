import { describe, expect, test } from "vitest";
import { aConsent, aSeenPurchase, someFacts, someSettings } from "../testing/auto-top-ups.ts";
import { at, noon } from "../testing/builders.ts";
import { type Instant, parseInstant } from "../units.ts";
import type { AutoTopUpFacts } from "./facts.ts";
import { statusOf } from "./status.ts";
import { type SuspensionReason, suspensionReasons } from "./suspension.ts";

const status = (change: Partial<AutoTopUpFacts> = {}) => statusOf(someFacts(change), noon);
const suspended = (reason: SuspensionReason) => ({ reason, since: noon, topUpId: "top_1" });
const nextMonth = parseInstant("2026-04-01T00:00:00Z") as Instant;

describe("the status", () => {
  test("is active with nothing to say while nothing is in the way", () => {
    expect(status()).toEqual({
      status: "active",
      reason: null,
      wayOut: null,
      until: null,
      topUpId: null,
    });
  });

  test("is off, whatever else is the matter", () => {
    const settings = someSettings({ enabled: false });
    const suspension = suspended("dispute");
    expect(status({ settings, suspension, card: null })).toMatchObject({
      status: "off",
      wayOut: "switch_on",
    });
  });

  test("asks for the customer before anything else, and says which purchase and how long", () => {
    const asked = aSeenPurchase({ state: "action_required", nextStepAt: at(99) });
    expect(status({ purchases: [asked], card: null })).toMatchObject({
      status: "needs_authentication",
      wayOut: "authenticate",
      until: at(99),
      topUpId: asked.id,
    });
  });

  test.each<[SuspensionReason, string]>([
    ["card_refused", "change_card"],
    ["card_details", "change_card"],
    ["retries_exhausted", "change_card_or_save"],
    ["authentication_unanswered", "change_card_or_save"],
    ["dispute", "contact_us"],
    ["fraud_warning", "contact_us"],
  ])("suspended for %s names a way out: %s", (reason, wayOut) => {
    expect(status({ suspension: suspended(reason), card: null })).toMatchObject({
      status: "suspended",
      reason,
      wayOut,
      topUpId: "top_1",
    });
  });

  test("never leaves a suspension without a way out", () => {
    for (const reason of suspensionReasons) {
      expect(status({ suspension: suspended(reason) }).wayOut).not.toBeNull();
    }
  });

  test("is saved and waiting when there is no card, which is no mistake", () => {
    expect(status({ card: null })).toMatchObject({
      status: "waiting_for_payment_method",
      wayOut: "add_card",
    });
  });

  test("is suspended when the price rose above the agreed one: saving again agrees", () => {
    const consent = aConsent();
    const cheaper = { ...consent, price: { ...consent.price, netMinor: 94_99 as never } };
    expect(status({ consent: cheaper })).toMatchObject({
      status: "suspended",
      reason: "consent_needed",
      wayOut: "save_again",
    });
  });

  test("is suspended while a person looks at a purchase", () => {
    const purchases = [aSeenPurchase({ state: "needs_review" })];
    expect(status({ purchases })).toMatchObject({ status: "suspended", reason: "under_review" });
  });

  test("stays active while a declined purchase waits for its next try, and says when that is", () => {
    const purchases = [aSeenPurchase({ state: "retry_wait", nextStepAt: at(60) })];
    expect(status({ purchases })).toMatchObject({
      status: "active",
      reason: "retrying",
      until: at(60),
    });
  });

  test("says that a purchase is under way", () => {
    const purchases = [aSeenPurchase({ state: "charging" })];
    expect(status({ purchases })).toMatchObject({ status: "active", reason: "purchase_in_flight" });
  });

  test("is limit reached as soon as one more purchase would not fit, until the first of the month", () => {
    const purchases = [aSeenPurchase()];
    const withLimit = (monthlyLimitMinor: number) =>
      status({ purchases, settings: someSettings({ monthlyLimitMinor }) });
    expect(withLimit(190_00).status).toBe("active");
    expect(withLimit(189_99)).toMatchObject({
      status: "limit_reached",
      wayOut: "raise_limit_or_wait",
      until: nextMonth,
    });
  });
});
