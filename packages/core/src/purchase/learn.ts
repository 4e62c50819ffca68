/**
 * What an answer or a reading proves about a top-up, and what it does not. A timeout proves nothing,
 * and neither does one reading that says "not paid" while a confirmation may still be running.
 */
import { invariant } from "../invariant.ts";
import { after, type Instant } from "../units.ts";
import { isUnresolved, type PaymentAttempt } from "./attempt.ts";
import { type Answer, differencesFrom, type PaymentIntentFacts } from "./payment-intent.ts";
import { isAutomatic } from "./retries.ts";
import { purchaseSettings } from "./settings.ts";
import { expectedPayment, isClosed, isUnderWay, type TopUp, unresolvedAttempt } from "./top-up.ts";
import {
  actionRequired,
  closed,
  closedByGateway,
  leftUnknown,
  notPaid,
  processing,
  readAgainAt,
  resolved,
  toBeSettled,
} from "./transitions.ts";

export function answered(
  topUp: TopUp,
  { number, answer }: { readonly number: number; readonly answer: Answer },
  now: Instant,
): TopUp {
  const attempt = topUp.attempts.find((one) => one.number === number);
  invariant(attempt !== undefined, "an answer is to a call that was stored");
  // A second answer to the same call, or one that came after the payment was read, adds nothing.
  if (!isUnresolved(attempt)) return topUp;
  switch (attempt.action) {
    case "create":
      return createAnswered(topUp, attempt, answer, now);
    case "confirm":
      return confirmAnswered(topUp, attempt, answer, now);
    case "cancel":
      return cancelAnswered(topUp, attempt, answer, now);
  }
}

/**
 * A call that was refused on its first sending was never carried out. On a later sending the refusal
 * says nothing of the sendings before it.
 */
function wasNeverCarriedOut(attempt: PaymentAttempt): boolean {
  return attempt.sends === 1;
}

function createAnswered(topUp: TopUp, attempt: PaymentAttempt, answer: Answer, now: Instant) {
  if (answer.is === "intent" && answer.intent.object === "payment_intent") {
    const { id } = answer.intent;
    const known = resolved({ ...topUp, paymentIntentId: id }, attempt, "ok", now);
    // Confirming a payment that is not the one we asked for would charge something else.
    const differences = differencesFrom(expectedPayment(known), answer.intent);
    if (topUp.state !== "draft") return known;
    return differences.length > 0
      ? { ...known, state: "needs_review" as const, differences }
      : { ...known, state: "awaiting_payment" as const };
  }
  if (answer.is === "rejected" && wasNeverCarriedOut(attempt)) {
    const known = resolved(topUp, attempt, "rejected", now, answer.failure);
    return topUp.state === "draft" ? closed(known, "failed") : known;
  }
  return leftUnknown(topUp, attempt);
}

function confirmAnswered(topUp: TopUp, attempt: PaymentAttempt, answer: Answer, now: Instant) {
  switch (answer.is) {
    case "intent":
      return confirmedAs(topUp, attempt, answer.intent, now);
    case "declined": {
      const known = resolved(topUp, attempt, "declined", now, answer.failure);
      return notPaid(known, answer.failure, now);
    }
    case "rejected": {
      if (!wasNeverCarriedOut(attempt)) return leftUnknown(topUp, attempt);
      const known = resolved(topUp, attempt, "rejected", now, answer.failure);
      return notPaid(known, answer.failure, now);
    }
    case "moved_on":
      return { ...leftUnknown(topUp, attempt), readAt: now };
    case "unknown":
      return leftUnknown(topUp, attempt);
  }
}

function confirmedAs(
  topUp: TopUp,
  attempt: PaymentAttempt,
  intent: PaymentIntentFacts,
  now: Instant,
): TopUp {
  if (!isTheSame(topUp, intent)) return leftUnknown(topUp, attempt);
  switch (intent.status) {
    case "succeeded":
      return toBeSettled(topUp, now);
    case "canceled":
      return closedByGateway(topUp, now);
    case "processing":
      return processing(resolved(topUp, attempt, "ok", now), now);
    case "requires_action":
      return actionRequired(resolved(topUp, attempt, "action_required", now), intent, now);
    case "requires_payment_method": {
      const known = resolved(topUp, attempt, "declined", now, intent.failure);
      return notPaid(known, intent.failure, now);
    }
    default:
      return leftUnknown(topUp, attempt);
  }
}

/**
 * Only "canceled" proves that no money can move any more. Everything else is asked again as a new
 * call, less and less often, and the payment is read meanwhile.
 */
function cancelAnswered(topUp: TopUp, attempt: PaymentAttempt, answer: Answer, now: Instant) {
  if (answer.is === "intent" && isTheSame(topUp, answer.intent)) {
    if (answer.intent.status === "canceled") return closedByGateway(topUp, now);
    if (answer.intent.status === "succeeded") return toBeSettled(topUp, now);
  }
  const { resendAfterMs, cancelAgainMaxMs } = purchaseSettings;
  const hasAnswer = answer.is === "moved_on" || answer.is === "rejected";
  const cancels = topUp.attempts.filter(({ action }) => action === "cancel").length;
  const cancelAt = after(now, Math.min(resendAfterMs * 2 ** cancels, cancelAgainMaxMs));
  return {
    ...resolved(topUp, attempt, hasAnswer ? "rejected" : "unanswered", now),
    closing: topUp.closing === null ? null : { ...topUp.closing, cancelAt },
    readAt: hasAnswer ? now : after(now, resendAfterMs),
  };
}

/** What a reading proves. It speaks of the payment, not of any one call. */
export function paymentRead(
  topUp: TopUp,
  { intent, asOf }: { readonly intent: PaymentIntentFacts; readonly asOf: Instant },
  now: Instant,
): TopUp {
  if (!isTheSame(topUp, intent) || topUp.state === "paid") return topUp;
  // These two are final at the gateway, so they are true however old the reading is.
  if (intent.status === "succeeded") return toBeSettled(topUp, now);
  if (intent.status === "canceled") return isClosed(topUp) ? topUp : closedByGateway(topUp, now);
  if (!isUnderWay(topUp) || topUp.state === "draft") return topUp;

  const read = { ...topUp, readAt: readAgainAt(topUp, now) };
  const confirm = unresolvedAttempt(topUp, "confirm");
  if (confirm !== undefined) return readWhileCharging(read, confirm, intent, now);
  if (topUp.attempts.some(({ resolvedAt }) => resolvedAt !== null && resolvedAt > asOf)) {
    return read;
  }
  // One that a worker is to charge is as it was: only what the bank or the customer was at can have moved.
  const isWaitedFor = topUp.state === "processing" || topUp.state === "action_required";
  if (isAutomatic(topUp) && !isWaitedFor) return read;
  switch (intent.status) {
    case "processing":
      return processing(read, now);
    case "requires_action":
      return actionRequired(read, intent, now);
    case "requires_payment_method":
      return notPaid(read, intent.failure ?? topUp.failure, now);
    default:
      return read;
  }
}

/**
 * With a confirmation out, only a status that nothing but that confirmation can have brought about
 * tells anything; after earlier ones it may be left over from them.
 */
function readWhileCharging(
  topUp: TopUp,
  confirm: PaymentAttempt,
  intent: PaymentIntentFacts,
  now: Instant,
): TopUp {
  const isTheOnlyOne = topUp.attempts.filter(({ action }) => action === "confirm").length === 1;
  const hasProgressed = intent.status === "processing" || intent.status === "requires_action";
  return isTheOnlyOne && hasProgressed ? confirmedAs(topUp, confirm, intent, now) : topUp;
}

function isTheSame(topUp: TopUp, intent: PaymentIntentFacts): boolean {
  return (
    intent.object === "payment_intent" &&
    topUp.paymentIntentId !== null &&
    intent.id === topUp.paymentIntentId
  );
}
