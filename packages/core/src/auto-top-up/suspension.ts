/**
 * When automatic top-ups stop for good, and what starts them again (rule 24). A suspension is stored
 * with its reason; it is not the same as a purchase that waits for its next try.
 */
import { declineVerdict } from "../purchase/decline-class.ts";
import { askedCustomerAt, isAutomatic, payableUntil } from "../purchase/retries.ts";
import type { TopUp } from "../purchase/top-up.ts";
import type { Instant } from "../units.ts";

export const suspensionReasons = [
  /** The bank will not take this card, now or later. The customer is never told why. */
  "card_refused",
  /** What is stored of the card is wrong or over. */
  "card_details",
  /** It was declined four times. */
  "retries_exhausted",
  /** The bank wanted to ask the customer, and they did not answer in time. */
  "authentication_unanswered",
  /** The bank asks about a payment; no money has moved. */
  "inquiry",
  "dispute",
  "fraud_warning",
  /** Somebody of ours stopped it. */
  "operator",
] as const;
export type SuspensionReason = (typeof suspensionReasons)[number];

export interface Suspension {
  readonly reason: SuspensionReason;
  readonly since: Instant;
  /** The purchase that brought it about. */
  readonly topUpId: string | null;
}

export type SuspensionLift =
  /** Another card became the one to charge. */
  | "card_changed"
  /** The network told of a new number or date of the same card. */
  | "card_updated"
  /** A person saved the settings switched on, knowing that it was suspended. */
  | "switched_on"
  /** A payment with the card succeeded, such as one by hand. */
  | "paid"
  /** A question or dispute ended well. */
  | "dispute_over"
  | "operator";

/**
 * What ends each. Nobody can lift a refusal of the bank by asking the same card again; a payment that
 * it let through is another matter. What is about fraud, and a dispute that was lost, an operator
 * decides.
 */
const liftsOf: Readonly<Record<SuspensionReason, readonly SuspensionLift[]>> = {
  card_refused: ["card_changed", "paid", "operator"],
  card_details: ["card_changed", "card_updated", "paid", "operator"],
  retries_exhausted: ["card_changed", "switched_on", "paid", "operator"],
  authentication_unanswered: ["card_changed", "switched_on", "paid", "operator"],
  inquiry: ["dispute_over", "operator"],
  dispute: ["dispute_over", "operator"],
  fraud_warning: ["operator"],
  operator: ["operator"],
};

export function isLiftedBy({ reason }: Suspension, lift: SuspensionLift): boolean {
  return liftsOf[reason].includes(lift);
}

/** Of two reasons the one that is harder to lift stays, so that a changed card does not end a dispute. */
export function worseOf(before: Suspension | null, next: Suspension): Suspension {
  if (before === null) return next;
  const weight = ({ reason }: Suspension) => liftsOf[reason].length;
  return weight(next) < weight(before) ? next : before;
}

/**
 * Why automatic top-ups stop with this purchase; null when they go on. Asked after each move of an
 * automatic purchase and stored with it: it shows while the purchase is about to end, and what it
 * ended as no longer tells why. One that nobody decided about, because the gateway was silent or
 * would not carry out the call, suspends nothing.
 */
export function suspensionAfter(topUp: TopUp): SuspensionReason | null {
  const { closing } = topUp;
  if (!isAutomatic(topUp) || closing === null) return null;
  if (askedCustomerAt(topUp) !== null) {
    const isTimeOver = closing.as === "canceled" && closing.since >= payableUntil(topUp);
    return isTimeOver ? "authentication_unanswered" : null;
  }
  const last = topUp.attempts.findLast(({ action }) => action === "confirm");
  const wasDeclined = topUp.failure !== null && last !== undefined && last.state !== "rejected";
  if (closing.as !== "failed" || !wasDeclined) return null;
  switch (declineVerdict(topUp.failure).class) {
    case "retry_later":
    case "wait_24h":
      return "retries_exhausted";
    case "customer_must_fix_card":
      return "card_details";
    case "needs_authentication":
    case "never_same_card":
      return "card_refused";
  }
}
