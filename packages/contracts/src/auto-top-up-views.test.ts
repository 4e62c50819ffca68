import { type Instant, parseInstant } from "@scanmeter/core";
import {
  type AutoTopUpFacts,
  neverSaved,
  type Past,
  previewOf,
  statusOf,
  summaryOf,
} from "@scanmeter/core/auto-top-up";
import {
  aConsent,
  aSeenPurchase,
  aTopUp,
  lotId,
  noon,
  someFacts,
  someSettings,
} from "@scanmeter/core/testing";
import { describe, expect, test } from "vitest";
import {
  type AutoTopUpStanding,
  authenticationViewOf,
  autoTopUpPreviewOf,
  autoTopUpViewOf,
} from "./auto-top-up-views.ts";

const day = (text: string) => parseInstant(`${text}T12:00:00Z`) as Instant;
const renewal = { lotId: lotId("a"), expiresAt: day("2026-06-10") };
const armed = { expiresAt: renewal.expiresAt, dueAt: day("2026-06-07") };

/** As operations tell it, with an agreement that Ada gave. */
function standing(change: Partial<AutoTopUpFacts> = {}): AutoTopUpStanding {
  const facts = someFacts({ renewal, ...change });
  return {
    settings: facts.settings,
    status: statusOf(facts, noon),
    summary: summaryOf(facts, noon),
    consent: facts.consent && { ...facts.consent, by: "Ada" },
    card: facts.card && { brand: "visa", last4: "4242" },
    renewal: armed,
    quantityMax: 10_000,
  };
}

describe("automatic top-ups on the wire", () => {
  test("say what was asked for, how it stands, what it costs and what comes next", () => {
    const settings = someSettings({ threshold: 2, monthlyLimitMinor: 50_000, revision: 3 });
    const paid = aSeenPurchase();
    const { sentence } = aConsent(settings);
    expect(autoTopUpViewOf(standing({ settings, purchases: [paid] }))).toEqual({
      enabled: true,
      quantity: 10,
      triggers: { outOfCredits: true, beforeExpiry: true },
      threshold: 2,
      monthlyLimitMinor: 50_000,
      revision: 3,
      status: "active",
      reason: null,
      wayOut: null,
      until: null,
      topUpId: null,
      nextRenewalAt: "2026-06-07T12:00:00.000Z",
      renewsExpiryAt: "2026-06-10T12:00:00.000Z",
      consent: {
        givenAt: "2026-03-10T11:00:00.000Z",
        by: "Ada",
        surface: "overview",
        sentence,
        totalMinor: 9_500,
        currency: "EUR",
      },
      totalMinor: 9_500,
      currency: "EUR",
      spentThisMonthMinor: paid.quote.totalMinor,
      card: { brand: "visa", last4: "4242" },
      quantityMax: 10_000,
      renewalDaysBefore: 3,
      perDayMax: 3,
    });
  });

  test("that nobody ever saved are off and agreed to by nobody", () => {
    const nothing = { ...standing({ settings: neverSaved, consent: null, card: null }) };
    expect(autoTopUpViewOf({ ...nothing, renewal: null })).toMatchObject({
      enabled: false,
      triggers: { outOfCredits: false, beforeExpiry: false },
      revision: 0,
      status: "off",
      wayOut: "switch_on",
      nextRenewalAt: null,
      renewsExpiryAt: null,
      consent: null,
      card: null,
    });
  });

  test("name the purchase that waits for the customer, and until when", () => {
    const until = day("2026-03-13");
    const asked = aSeenPurchase({ state: "action_required", nextStepAt: until });
    expect(autoTopUpViewOf(standing({ purchases: [asked] }))).toMatchObject({
      status: "needs_authentication",
      wayOut: "authenticate",
      until: "2026-03-13T12:00:00.000Z",
      topUpId: asked.id,
    });
  });

  test("keep to themselves who agreed, by id, and from where", () => {
    const consent = { ...aConsent(), ip: "203.0.113.7", userId: "user_secret" };
    const told = JSON.stringify(autoTopUpViewOf(standing({ consent })));
    expect(told).not.toContain("203.0.113.7");
    expect(told).not.toContain("user_secret");
  });
});

describe("a preview on the wire", () => {
  /** Ten credits at the beginning, eleven spent one by one in the days after. */
  const past: Past = {
    from: day("2025-03-10"),
    until: noon,
    lots: [
      {
        kind: "paid",
        credits: 10,
        at: day("2025-03-10"),
        expiresAt: day("2026-03-10"),
        isPurchase: true,
      },
    ],
    usage: [{ at: day("2025-03-20"), credits: 11 }],
  };
  const previewed = (change: Partial<AutoTopUpFacts> = {}) => ({
    preview: previewOf(someFacts({ renewal, ...change }), past, noon),
    sentence: "I allow it.",
    needsConsent: true,
  });

  test("counts what the last year would have bought and says what comes next", () => {
    const settings = someSettings({ threshold: 1, triggers: { beforeExpiry: false } });
    expect(autoTopUpPreviewOf(previewed({ settings }))).toEqual({
      sentence: "I allow it.",
      totalMinor: 9_500,
      currency: "EUR",
      chargesNow: { trigger: "out_of_credits" },
      needsConsent: true,
      past: { purchases: 1, totalMinor: 9_500, unpaidCredits: 0 },
      next: { renewalAt: null, renewsExpiryAt: null, atBalance: 1 },
    });
  });

  test("names the renewal and the date it moves", () => {
    const settings = someSettings({ triggers: { outOfCredits: false } });
    expect(autoTopUpPreviewOf(previewed({ settings }))).toMatchObject({
      chargesNow: null,
      next: {
        renewalAt: "2026-06-07T12:00:00.000Z",
        renewsExpiryAt: "2026-06-10T12:00:00.000Z",
        atBalance: null,
      },
    });
  });

  test("of settings that are off says that nothing comes", () => {
    const settings = someSettings({ enabled: false });
    expect(autoTopUpPreviewOf(previewed({ settings }))).toMatchObject({
      chargesNow: null,
      next: { renewalAt: null, renewsExpiryAt: null, atBalance: null },
    });
  });
});

describe("a purchase the bank asks about", () => {
  test("leads to the bank's page", () => {
    const topUp = aTopUp({ state: "action_required", redirectUrl: "https://bank.example/ask" });
    expect(authenticationViewOf(topUp)).toEqual({
      topUpId: topUp.id,
      nextAction: { type: "redirect", url: "https://bank.example/ask" },
    });
  });

  test("leads nowhere once nothing is to be confirmed", () => {
    expect(authenticationViewOf(aTopUp({ state: "paid" })).nextAction).toBeNull();
  });
});
