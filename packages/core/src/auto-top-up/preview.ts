/**
 * What settings would do, before they are saved: whether a card would be charged right now, what comes
 * next, and what the last year would have looked like. Facts for a sentence, not the sentence.
 */
import type { Currency, Minor } from "../pricing/money.ts";
import type { Credits, Instant } from "../units.ts";
import { type Backtest, backtest, type Past } from "./backtest.ts";
import { spentInMonth } from "./caps.ts";
import type { Triggers } from "./configuration.ts";
import { type AutomaticTrigger, decideAutoTopUp } from "./decide.ts";
import type { AutoTopUpFacts } from "./facts.ts";
import { renewalDueAt } from "./renewal.ts";

/** What the summary sentence is made of. */
export interface AutoTopUpSummary {
  readonly enabled: boolean;
  readonly quantity: Credits;
  readonly triggers: Triggers;
  readonly threshold: Credits;
  /** Of one purchase at today's price; the price at the time of a purchase applies. */
  readonly totalMinor: Minor;
  readonly currency: Currency;
  readonly monthlyLimitMinor: Minor | null;
  readonly spentThisMonthMinor: Minor;
  /** Null when it is not asked for, or no paid credits are there that could expire. */
  readonly renewal: { readonly dueAt: Instant; readonly expiresAt: Instant } | null;
  /** It buys when the balance falls to this; null when that is not asked for. */
  readonly buysAtBalance: Credits | null;
}

export interface AutoTopUpPreview {
  readonly summary: AutoTopUpSummary;
  /** A second press is asked for: saving this charges a card at once, or as soon as there is one. */
  readonly chargesNow: { readonly trigger: AutomaticTrigger } | null;
  readonly past: Backtest;
}

export function summaryOf(facts: AutoTopUpFacts, now: Instant): AutoTopUpSummary {
  const { settings, quote, timeZone, renewal } = facts;
  const { enabled, quantity, triggers, threshold, monthlyLimitMinor } = settings;
  const isRenewed = triggers.beforeExpiry && renewal !== null;
  return {
    enabled,
    quantity,
    triggers,
    threshold,
    totalMinor: quote.totalMinor,
    currency: quote.currency,
    monthlyLimitMinor,
    spentThisMonthMinor: spentInMonth(facts, now),
    renewal: isRenewed
      ? { dueAt: renewalDueAt(renewal, timeZone), expiresAt: renewal.expiresAt }
      : null,
    buysAtBalance: triggers.outOfCredits ? threshold : null,
  };
}

/**
 * @param facts with the settings as they would be, and as if they were agreed to: that is what saving
 * does. What can be mended without another press, such as a card that is missing, does not hide the
 * warning.
 */
export function previewOf(facts: AutoTopUpFacts, past: Past, now: Instant): AutoTopUpPreview {
  const decision = decideAutoTopUp(facts, now);
  const isBuying =
    decision.do === "buy" ||
    (decision.do === "wait" &&
      ["no_card", "consent_needed", "suspended", "too_often"].includes(decision.reason));
  const { settings, quote, timeZone } = facts;
  return {
    summary: summaryOf(facts, now),
    chargesNow: isBuying ? { trigger: decision.trigger } : null,
    past: backtest(past, { settings, quote, timeZone }),
  };
}
