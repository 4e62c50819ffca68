/** The small moves a top-up can make. Which one a fact calls for is decided in `advance` and `learn`. */
import { after, type Instant } from "../units.ts";
import { type AttemptState, isUnresolved, type PaymentAttempt } from "./attempt.ts";
import { declineVerdict } from "./decline-class.ts";
import type { PaymentFailure, PaymentIntentFacts } from "./payment-intent.ts";
import { askedCustomerAt, isAutomatic, retryAt } from "./retries.ts";
import { purchaseSettings } from "./settings.ts";
import type { ClosedState, TopUp } from "./top-up.ts";

export function withAttempt(
  topUp: TopUp,
  number: number,
  change: (attempt: PaymentAttempt) => PaymentAttempt,
): TopUp {
  const attempts = topUp.attempts.map((one) => (one.number === number ? change(one) : one));
  return { ...topUp, attempts };
}

export function resolved(
  topUp: TopUp,
  { number }: PaymentAttempt,
  state: AttemptState,
  now: Instant,
  failure: PaymentFailure | null = null,
): TopUp {
  return withAttempt(topUp, number, (one) => ({ ...one, state, failure, resolvedAt: now }));
}

export function leftUnknown(topUp: TopUp, { number }: PaymentAttempt): TopUp {
  return withAttempt(topUp, number, (one) => ({ ...one, state: "unknown" }));
}

/** The payment is decided, so what any call would still have answered no longer matters. */
export function withNothingUnresolved(topUp: TopUp, now: Instant): TopUp {
  const attempts = topUp.attempts.map((one) =>
    isUnresolved(one) ? { ...one, state: "superseded" as const, resolvedAt: now } : one,
  );
  return { ...topUp, attempts };
}

/** Paid at the gateway. The credits come with `decideSettle`, at best in the same write as this. */
export function toBeSettled(topUp: TopUp, now: Instant): TopUp {
  if (topUp.state === "paid" || topUp.state === "needs_review") return topUp;
  const settling = withNothingUnresolved(topUp, now);
  return { ...settling, state: "processing", closing: null, redirectUrl: null, readAt: now };
}

export function closedByGateway(topUp: TopUp, now: Instant): TopUp {
  return closed(withNothingUnresolved(topUp, now), topUp.closing?.as ?? "canceled");
}

export function closed(topUp: TopUp, as: ClosedState): TopUp {
  return { ...topUp, state: as, closing: null, redirectUrl: null, readAt: null };
}

export function processing(topUp: TopUp, now: Instant): TopUp {
  const readAt = after(now, purchaseSettings.readEveryMs);
  return { ...topUp, state: "processing", redirectUrl: null, readAt };
}

export function actionRequired(
  topUp: TopUp,
  { redirectUrl }: PaymentIntentFacts,
  now: Instant,
): TopUp {
  const readAt = after(now, purchaseSettings.readEveryMs);
  return { ...topUp, state: "action_required", redirectUrl, readAt };
}

/** Nothing is under way any more; the customer may try again with this card or another. */
export function tryAgain(topUp: TopUp, failure: PaymentFailure | null): TopUp {
  return { ...topUp, state: "awaiting_payment", failure, redirectUrl: null, readAt: null };
}

/**
 * The bank or the gateway said no. A customer who pays by hand decides what next. For an automatic
 * purchase it is decided here: the customer is asked, it is tried again later, or it ends, and then
 * the payment is cancelled first, so that nothing can be charged behind anybody's back.
 */
export function notPaid(before: TopUp, failure: PaymentFailure | null, now: Instant): TopUp {
  if (!isAutomatic(before)) return tryAgain(before, failure);
  const topUp = { ...withReason(before, failure, now), failure, redirectUrl: null, readAt: null };
  if (topUp.closing !== null) return { ...topUp, state: "awaiting_payment" };
  if (askedCustomerAt(topUp) !== null) return { ...topUp, state: "action_required" };
  if (retryAt(topUp) !== null) return { ...topUp, state: "retry_wait" };
  const closing = { as: "failed", since: now, cancelAt: now } as const;
  return { ...topUp, state: "awaiting_payment", closing };
}

/** A bank that took its time answers through the payment, not the call; the call keeps why all the same. */
function withReason(topUp: TopUp, failure: PaymentFailure | null, now: Instant): TopUp {
  const last = topUp.attempts.findLast(({ action }) => action === "confirm");
  if (last === undefined || last.failure !== null || failure === null) return topUp;
  if (declineVerdict(failure).class !== "needs_authentication") return topUp;
  const resolvedAt = last.resolvedAt ?? now;
  return withAttempt(topUp, last.number, (one) => ({ ...one, failure, resolvedAt }));
}

export function readAgainAt({ readAt }: TopUp, now: Instant): Instant | null {
  return readAt === null ? null : after(now, purchaseSettings.readEveryMs);
}
