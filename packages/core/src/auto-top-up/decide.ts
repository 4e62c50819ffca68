/**
 * Whether to buy now, and what is in the way. The one decision behind every wake-up of automatic
 * top-ups: a debit that took the last credit, a scan that waits, a renewal that came due, the sweep.
 * It can be asked at any time and as often as anybody likes; only what it answers at the end counts.
 */

import { isAutomatic } from "../purchase/retries.ts";
import { isUnderWay } from "../purchase/top-up.ts";
import { earliest, type Instant } from "../units.ts";
import { monthlyLimitUntil, tooOftenUntil } from "./caps.ts";
import { missingConsent, priceOf } from "./consent.ts";
import { beforeExpiryEpisode, isOfEpisode, nextKeyOf, outOfCreditsEpisode } from "./episode.ts";
import type { AutoTopUpFacts, SeenPurchase } from "./facts.ts";
import { renewalDueAt } from "./renewal.ts";

export type AutomaticTrigger = "out_of_credits" | "before_expiry";

export type WaitReason =
  /** A purchase is under way, by hand or automatic: what it buys counts as coming. */
  | "purchase_in_flight"
  /** An automatic one waits for the customer to confirm it with their bank. */
  | "needs_authentication"
  /** A person of ours looks at an earlier automatic purchase. */
  | "under_review"
  | "suspended"
  | "no_card"
  /** More would be charged than was agreed to. */
  | "consent_needed"
  /** The customer's limit of money for the month. */
  | "limit_reached"
  /** One an hour, three in 24 hours. */
  | "too_often";

export type AutoTopUpDecision =
  | {
      readonly do: "buy";
      readonly trigger: AutomaticTrigger;
      readonly triggerKey: string;
      /** The date that a purchase before an expiry is of no use after. */
      readonly usefulUntil: Instant | null;
    }
  | {
      readonly do: "wait";
      readonly trigger: AutomaticTrigger;
      readonly reason: WaitReason;
      /** When it is worth asking again even if nothing else happens; null when something has to. */
      readonly until: Instant | null;
    }
  | {
      readonly do: "nothing";
      readonly reason: "off" | "enough" | "answered";
      /** When it is worth asking again even if nothing else happens: a renewal, or credits that go. */
      readonly until: Instant | null;
    };

/**
 * Out of credits: the balance is at the threshold or below, or a due hour could not be paid (rule 22).
 */
export function isOutOfCredits(
  facts: Pick<AutoTopUpFacts, "settings" | "available" | "isDueHourUnpaid">,
): boolean {
  const { settings, available, isDueHourUnpaid } = facts;
  const isLow = available <= settings.threshold || isDueHourUnpaid;
  return settings.enabled && settings.triggers.outOfCredits && isLow;
}

export function isRenewalDue(
  { settings, renewal, timeZone }: Pick<AutoTopUpFacts, "settings" | "renewal" | "timeZone">,
  now: Instant,
): boolean {
  if (!settings.enabled || !settings.triggers.beforeExpiry || renewal === null) return false;
  return renewalDueAt(renewal, timeZone) <= now && now < renewal.expiresAt;
}

export function decideAutoTopUp(facts: AutoTopUpFacts, now: Instant): AutoTopUpDecision {
  const { settings, renewal, timeZone, accountId, epoch, purchases } = facts;
  const nothing = (reason: "off" | "enough" | "answered", until: Instant | null = null) =>
    ({ do: "nothing", reason, until }) as const;
  if (!settings.enabled) return nothing("off");

  // Running out first: what it buys moves the dates as well, so the renewal is answered with it.
  const isOut = isOutOfCredits(facts);
  const isDue = isRenewalDue(facts, now);
  if (!isOut && !isDue) {
    const { outOfCredits, beforeExpiry } = settings.triggers;
    const renewalAt = beforeExpiry && renewal !== null ? renewalDueAt(renewal, timeZone) : null;
    return nothing("enough", earliest([renewalAt, outOfCredits ? facts.nextExpiryAt : null]));
  }
  const trigger = isOut ? "out_of_credits" : "before_expiry";
  const episode =
    isOut || renewal === null
      ? outOfCreditsEpisode(accountId, epoch)
      : beforeExpiryEpisode(accountId, renewal);
  const isPaid = purchases.some((one) => one.state === "paid" && isOfEpisode(one, episode));
  if (isPaid) return nothing("answered");

  const hindrance = hindranceOf(facts, now);
  if (hindrance !== null) return { do: "wait", trigger, ...hindrance };
  const usefulUntil = isOut || renewal === null ? null : renewal.expiresAt;
  return { do: "buy", trigger, triggerKey: nextKeyOf(episode, purchases), usefulUntil };
}

export interface Hindrance {
  readonly reason: WaitReason;
  readonly until: Instant | null;
}

/** What would keep an automatic purchase from being begun now. What only the customer can change comes first. */
export function hindranceOf(facts: AutoTopUpFacts, now: Instant): Hindrance | null {
  const { purchases, suspension, card, consent, settings, quote } = facts;
  const underWay = purchases.filter(isSeenUnderWay);
  const asked = underWay.find((one) => isAutomatic(one) && one.state === "action_required");
  if (asked !== undefined) return { reason: "needs_authentication", until: asked.nextStepAt };
  if (underWay.length > 0) {
    const until = earliest(underWay.map(({ nextStepAt }) => nextStepAt));
    return { reason: "purchase_in_flight", until };
  }
  if (isAtCheckout(facts, now)) {
    return { reason: "purchase_in_flight", until: facts.checkoutUntil };
  }
  if (purchases.some((one) => isAutomatic(one) && one.state === "needs_review")) {
    return { reason: "under_review", until: null };
  }
  if (suspension !== null) return { reason: "suspended", until: null };
  if (card === null) return { reason: "no_card", until: null };
  if (missingConsent(consent, settings, priceOf(quote)).length > 0) {
    return { reason: "consent_needed", until: null };
  }
  const limitUntil = monthlyLimitUntil(facts, now);
  if (limitUntil !== null) return { reason: "limit_reached", until: limitUntil };
  const oftenUntil = tooOftenUntil(facts, now);
  return oftenUntil === null ? null : { reason: "too_often", until: oftenUntil };
}

/** The customer is about to pay by hand. */
export function isAtCheckout(
  { checkoutUntil }: Pick<AutoTopUpFacts, "checkoutUntil">,
  now: Instant,
): boolean {
  return checkoutUntil !== null && now < checkoutUntil;
}

function isSeenUnderWay(purchase: SeenPurchase): boolean {
  return isUnderWay(purchase);
}
