/**
 * What the customer is told of automatic top-ups, in codes: how they stand, why, and the way out.
 * It is worked out from the same facts as the decision to buy, so the page cannot say "on" while
 * nothing would be bought.
 */
import type { TopUpId } from "../ids.ts";
import { isAutomatic } from "../purchase/retries.ts";
import type { Instant } from "../units.ts";
import { monthlyLimitUntil } from "./caps.ts";
import { missingConsent, priceOf } from "./consent.ts";
import type { AutoTopUpFacts } from "./facts.ts";
import type { SuspensionReason } from "./suspension.ts";

export type AutoTopUpStatus =
  | "off"
  | "active"
  | "waiting_for_payment_method"
  | "needs_authentication"
  | "suspended"
  | "limit_reached";

export type StatusReason =
  | SuspensionReason
  /** The price rose above the one that was agreed to. */
  | "consent_needed"
  | "under_review"
  /** A declined purchase will be tried again at `until`. */
  | "retrying"
  | "purchase_in_flight";

export type WayOut =
  | "switch_on"
  | "add_card"
  /** Confirm the purchase `topUpId` with the bank, or pay with another card. */
  | "authenticate"
  | "change_card"
  /** Another card, or save the settings once more to try the same one again. */
  | "change_card_or_save"
  | "save_again"
  /** A higher limit, or the first of the month. */
  | "raise_limit_or_wait"
  /** A question of the bank is being dealt with; nothing is for the customer to do here. */
  | "contact_us";

export interface StatusView {
  readonly status: AutoTopUpStatus;
  readonly reason: StatusReason | null;
  readonly wayOut: WayOut | null;
  readonly until: Instant | null;
  /** The purchase this is about. */
  readonly topUpId: TopUpId | null;
}

const wayOutOf: Readonly<Record<SuspensionReason, WayOut>> = {
  card_refused: "change_card",
  card_details: "change_card",
  retries_exhausted: "change_card_or_save",
  authentication_unanswered: "change_card_or_save",
  inquiry: "contact_us",
  dispute: "contact_us",
  fraud_warning: "contact_us",
  operator: "contact_us",
};

const plain: Omit<StatusView, "status"> = {
  reason: null,
  wayOut: null,
  until: null,
  topUpId: null,
};

export function statusOf(facts: AutoTopUpFacts, now: Instant): StatusView {
  const { settings, suspension, consent, quote, card } = facts;
  const automatic = facts.purchases.filter(isAutomatic);
  const inState = (state: string) => automatic.find((one) => one.state === state);
  if (!settings.enabled) return { ...plain, status: "off", wayOut: "switch_on" };

  const asked = inState("action_required");
  if (asked !== undefined) {
    const { nextStepAt: until, id: topUpId } = asked;
    return { ...plain, status: "needs_authentication", wayOut: "authenticate", until, topUpId };
  }
  if (suspension !== null) {
    const { reason } = suspension;
    const topUpId = suspension.topUpId as TopUpId | null;
    return { ...plain, status: "suspended", reason, wayOut: wayOutOf[reason], topUpId };
  }
  const reviewed = inState("needs_review");
  if (reviewed !== undefined) {
    const reason = "under_review";
    return { ...plain, status: "suspended", reason, wayOut: "contact_us", topUpId: reviewed.id };
  }
  if (card === null) {
    return { ...plain, status: "waiting_for_payment_method", wayOut: "add_card" };
  }
  if (missingConsent(consent, settings, priceOf(quote)).length > 0) {
    return { ...plain, status: "suspended", reason: "consent_needed", wayOut: "save_again" };
  }
  const waiting = inState("retry_wait");
  if (waiting !== undefined) {
    const { nextStepAt: until, id: topUpId } = waiting;
    return {
      ...plain,
      status: "active",
      reason: "retrying",
      wayOut: "change_card",
      until,
      topUpId,
    };
  }
  const underWay = automatic.find(({ state }) =>
    ["draft", "awaiting_payment", "charging", "processing"].includes(state),
  );
  if (underWay !== undefined) {
    return { ...plain, status: "active", reason: "purchase_in_flight", topUpId: underWay.id };
  }
  const until = monthlyLimitUntil(facts, now);
  if (until !== null) {
    return { ...plain, status: "limit_reached", wayOut: "raise_limit_or_wait", until };
  }
  return { ...plain, status: "active" };
}
