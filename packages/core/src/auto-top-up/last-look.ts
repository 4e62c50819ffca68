/**
 * The look before an automatic purchase charges anything: days may have passed since it was begun.
 * Whoever takes the step asks here first, in the same commit that stores the call; what is not wanted
 * any more is called off, and if it is wanted again later, that is another purchase.
 */
import { invariant } from "../invariant.ts";
import { isAutomatic, payableUntil } from "../purchase/retries.ts";
import { type ClosedState, isUnderWay, type TopUp } from "../purchase/top-up.ts";
import type { Instant } from "../units.ts";
import { spentInMonth } from "./caps.ts";
import { missingConsent, priceOf } from "./consent.ts";
import { isAtCheckout, isOutOfCredits, isRenewalDue } from "./decide.ts";
import type { AutoTopUpFacts } from "./facts.ts";

export type StopReason =
  | "too_late"
  | "switched_off"
  /** Credits came otherwise, or the date was moved, or nothing is left that could expire. */
  | "not_needed"
  /** The customer wants another quantity now. */
  | "settings_changed"
  | "consent_needed"
  | "suspended"
  | "no_card"
  /** The customer is buying by hand. */
  | "other_purchase"
  | "limit_reached";

export type LastLook =
  | { readonly do: "go_on" }
  | { readonly do: "stop"; readonly reason: StopReason; readonly as: ClosedState };

export function lastLook(facts: AutoTopUpFacts, topUp: TopUp, now: Instant): LastLook {
  invariant(isAutomatic(topUp), "what a customer pays by hand, they decide about");
  const { settings, consent, suspension, card } = facts;
  const stop = (reason: StopReason, as: ClosedState = "canceled") =>
    ({ do: "stop", reason, as }) as const;

  const wasTried = topUp.attempts.some(({ action }) => action === "confirm");
  if (now >= payableUntil(topUp)) return stop("too_late", wasTried ? "failed" : "expired");
  if (!settings.enabled) return stop("switched_off");
  // Whichever of the two asks for credits, this purchase brings them.
  if (!isOutOfCredits(facts) && !isRenewalDue(facts, now)) return stop("not_needed");
  const { quote } = topUp;
  if (quote.quantity !== settings.quantity) return stop("settings_changed");
  if (missingConsent(consent, settings, priceOf(quote)).length > 0) return stop("consent_needed");
  if (suspension !== null) return stop("suspended");
  if (card === null) return stop("no_card");

  const others = facts.purchases.filter(({ id }) => id !== topUp.id);
  if (others.some(isUnderWay) || isAtCheckout(facts, now)) return stop("other_purchase");
  const { monthlyLimitMinor } = settings;
  const spent = spentInMonth({ purchases: others, timeZone: facts.timeZone }, now);
  const isOverLimit = monthlyLimitMinor !== null && spent + quote.totalMinor > monthlyLimitMinor;
  return isOverLimit ? stop("limit_reached") : { do: "go_on" };
}
