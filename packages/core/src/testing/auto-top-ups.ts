/**
 * Facts about automatic top-ups for tests: ten credits for 95.00 euros when they run out and before
 * they expire, agreed to, with a card, and nothing in the way.
 */
import type { AutoTopUpSettings, Triggers } from "../auto-top-up/configuration.ts";
import { type Consent, priceOf } from "../auto-top-up/consent.ts";
import { consentSentence, consentTextVersion } from "../auto-top-up/consent-sentence.ts";
import type { AutoTopUpFacts, SeenPurchase } from "../auto-top-up/facts.ts";
import { minor } from "../pricing/money.ts";
import { type Quote, requote } from "../pricing/quote.ts";
import { credits } from "../units.ts";
import { accountId, at } from "./builders.ts";
import { aTopUp, tenCredits } from "./purchases.ts";

export interface SettingsFacts {
  readonly enabled?: boolean;
  readonly quantity?: number;
  readonly triggers?: Partial<Triggers>;
  readonly threshold?: number;
  readonly monthlyLimitMinor?: number | null;
  readonly revision?: number;
}

export function someSettings(facts: SettingsFacts = {}): AutoTopUpSettings {
  const { enabled = true, quantity = 10, triggers, threshold = 0, revision = 1 } = facts;
  const limit = facts.monthlyLimitMinor ?? null;
  return {
    enabled,
    quantity: credits(quantity),
    triggers: { outOfCredits: true, beforeExpiry: true, ...triggers },
    threshold: credits(threshold),
    monthlyLimitMinor: limit === null ? null : minor(limit),
    revision,
  };
}

export const tenForNinetyFive: Quote = requote(tenCredits);

/** Agreement to just these settings at this price. */
export function aConsent(
  settings: AutoTopUpSettings = someSettings(),
  quote: Quote = tenForNinetyFive,
): Consent {
  const { quantity, triggers, threshold, monthlyLimitMinor } = settings;
  const agreed = { quantity, triggers, threshold, monthlyLimitMinor };
  const price = priceOf(quote);
  return {
    at: at(-60),
    userId: "user_1",
    surface: "overview",
    ip: null,
    sentence: consentSentence({ company: "Scanmeter", agreed, price }),
    textVersion: consentTextVersion,
    price,
    ...agreed,
  };
}

/** An automatic purchase as facts have it: paid an hour before noon. */
export function aSeenPurchase(change: Partial<SeenPurchase> = {}): SeenPurchase {
  const { id, quote } = aTopUp();
  return {
    id,
    trigger: "out_of_credits",
    triggerKey: `out-of-credits-${accountId}-6`,
    state: "paid",
    quote,
    createdAt: at(-60),
    paidAt: change.state === undefined || change.state === "paid" ? at(-60) : null,
    closing: null,
    nextStepAt: null,
    ...change,
  };
}

export function someFacts(change: Partial<AutoTopUpFacts> = {}): AutoTopUpFacts {
  const settings = change.settings ?? someSettings();
  return {
    accountId,
    timeZone: "UTC",
    settings,
    consent: aConsent(settings, change.quote),
    quote: tenForNinetyFive,
    available: credits(0),
    isDueHourUnpaid: false,
    epoch: 7,
    renewal: null,
    nextExpiryAt: null,
    purchases: [],
    checkoutUntil: null,
    card: { since: at(-600) },
    suspension: null,
    ...change,
  };
}
