/**
 * Every move a top-up can make, but for the one that grants credits (`settle.ts`). What we are about
 * to do is stored before it is done; what we learn is believed only as far as it proves something.
 *
 * The rule everything here serves: a top-up becomes failed, canceled or expired only when no money
 * can move any more, which is known when no confirmation was ever sent or carried out, or when the
 * gateway says the payment is canceled.
 */
import { accept, type Outcome, refuse } from "../outcome.ts";
import { after, type Instant, later } from "../units.ts";
import { type AttemptAction, attemptKey, type PaymentAttempt } from "./attempt.ts";
import { answered, paymentRead } from "./learn.ts";
import { nextStepAt } from "./next-step.ts";
import type { Answer, PaymentIntentFacts } from "./payment-intent.ts";
import { isAutomatic, payableUntil, retryAt } from "./retries.ts";
import { purchaseSettings } from "./settings.ts";
import {
  type ClosedState,
  isUnderWay,
  type TopUp,
  unresolvedAttempt,
  unresolvedAttempts,
} from "./top-up.ts";
import { closed, withAttempt } from "./transitions.ts";

export type TopUpEvent =
  /** The call is about to be made for the first time; it may be made once this is stored. */
  | { readonly type: "attempt_stored"; readonly action: AttemptAction; readonly params: string }
  | { readonly type: "sent_again"; readonly number: number }
  | { readonly type: "answered"; readonly number: number; readonly answer: Answer }
  /** The payment as it was some time after `asOf`, when the reading began. */
  | {
      readonly type: "payment_read";
      readonly intent: PaymentIntentFacts;
      readonly asOf: Instant;
    }
  /** Nobody answered when the payment was to be read. */
  | { readonly type: "reading_failed" }
  /** Something beside the payment changed, such as whom it is billed to. */
  | { readonly type: "details_changed" }
  /** The card changed, so a declined automatic purchase need not wait for its turn. */
  | { readonly type: "retry_wanted" }
  | { readonly type: "closing_wanted"; readonly as: ClosedState }
  | { readonly type: "review_wanted" };

export type TopUpRefusal =
  /** A call is out whose outcome is not known, so nothing else may be begun. */
  | { readonly code: "payment_in_progress" }
  | { readonly code: "purchase_closed"; readonly state: TopUp["state"] };

export function advance(
  topUp: TopUp,
  event: TopUpEvent,
  now: Instant,
): Outcome<TopUp, TopUpRefusal> {
  const moved = move(topUp, event, now);
  if (!moved.ok) return moved;
  return accept({ ...moved.value, nextStepAt: nextStepAt(moved.value) });
}

function move(topUp: TopUp, event: TopUpEvent, now: Instant): Outcome<TopUp, TopUpRefusal> {
  switch (event.type) {
    case "attempt_stored":
      return storeAttempt(topUp, event, now);
    case "sent_again":
      return accept(sentAgain(topUp, event.number, now));
    case "answered":
      return accept(answered(topUp, event, now));
    case "payment_read":
      return accept(paymentRead(topUp, event, now));
    case "reading_failed":
      return accept({ ...topUp, readAt: after(now, purchaseSettings.resendAfterMs) });
    case "details_changed":
      return isUnderWay(topUp)
        ? accept(topUp)
        : refuse({ code: "purchase_closed", state: topUp.state });
    case "retry_wanted": {
      const isWaiting = topUp.state === "retry_wait" && topUp.closing === null;
      return accept(isWaiting ? { ...topUp, state: "awaiting_payment" } : topUp);
    }
    case "closing_wanted":
      return close(topUp, event.as, now);
    case "review_wanted":
      return accept(isUnderWay(topUp) ? { ...topUp, state: "needs_review" } : topUp);
  }
}

function storeAttempt(
  topUp: TopUp,
  { action, params }: { readonly action: AttemptAction; readonly params: string },
  now: Instant,
): Outcome<TopUp, TopUpRefusal> {
  if (!isUnderWay(topUp)) return refuse({ code: "purchase_closed", state: topUp.state });
  const isOpen = topUp.closing === null && now < payableUntil(topUp);
  const isAllowed = {
    create: topUp.state === "draft" && isOpen,
    confirm: mayConfirm(topUp, now) && isOpen,
    cancel: topUp.closing !== null && topUp.paymentIntentId !== null,
  } as const;
  const isBusy =
    action === "cancel"
      ? unresolvedAttempt(topUp, "cancel") !== undefined
      : unresolvedAttempts(topUp).length > 0;
  if (isBusy || topUp.state === "processing") return refuse({ code: "payment_in_progress" });
  if (!isAllowed[action]) return refuse({ code: "purchase_closed", state: topUp.state });

  const number = topUp.attempts.length + 1;
  const attempt: PaymentAttempt = {
    number,
    action,
    key: attemptKey(topUp.id, action, number),
    params,
    state: "sending",
    sends: 1,
    firstSentAt: now,
    lastSentAt: now,
    resolvedAt: null,
    failure: null,
  };
  const stored = { ...topUp, attempts: [...topUp.attempts, attempt] };
  if (action !== "confirm") return accept(stored);
  return accept({
    ...stored,
    state: "charging",
    redirectUrl: null,
    failure: null,
    readAt: null,
    openUntil: isAutomatic(topUp)
      ? topUp.openUntil
      : later(topUp.openUntil, after(now, purchaseSettings.openForMs)),
  });
}

function mayConfirm(topUp: TopUp, now: Instant): boolean {
  if (topUp.state !== "retry_wait") {
    return topUp.state === "awaiting_payment" || topUp.state === "action_required";
  }
  const at = retryAt(topUp);
  return at !== null && now >= at;
}

function sentAgain(topUp: TopUp, number: number, now: Instant): TopUp {
  return withAttempt(topUp, number, (attempt) => ({
    ...attempt,
    sends: attempt.sends + 1,
    lastSentAt: now,
  }));
}

function close(topUp: TopUp, as: ClosedState, now: Instant): Outcome<TopUp, TopUpRefusal> {
  if (!isUnderWay(topUp) || topUp.closing !== null) return accept(topUp);
  // A payment that was never confirmed charges nobody, even if its creation went unanswered.
  if (topUp.state === "draft") return accept(closed(topUp, as));
  const confirm = unresolvedAttempt(topUp, "confirm");
  const hasWaitedLongEnough =
    confirm !== undefined && now >= after(confirm.firstSentAt, purchaseSettings.giveUpAfterMs);
  const mayClose = confirm === undefined ? topUp.state !== "processing" : hasWaitedLongEnough;
  if (!mayClose) return refuse({ code: "payment_in_progress" });
  return accept({ ...topUp, closing: { as, since: now, cancelAt: now } });
}
