import { invariant } from "../invariant.ts";
import { after, earliest, type Instant, later } from "../units.ts";
import { isAutomatic, payableUntil, retryAt } from "./retries.ts";
import { purchaseSettings } from "./settings.ts";
import { type ClosedState, isUnderWay, type TopUp, unresolvedAttempt } from "./top-up.ts";

/** What a worker owes a top-up when nobody calls. */
export type TopUpStep =
  | { readonly do: "read_payment"; readonly at: Instant }
  /** The same key and parameters once more. */
  | { readonly do: "send_again"; readonly number: number; readonly at: Instant }
  /** Store an attempt to cancel, then send it. */
  | { readonly do: "cancel_payment"; readonly at: Instant }
  | { readonly do: "close"; readonly as: ClosedState; readonly at: Instant }
  | { readonly do: "review"; readonly at: Instant };

/**
 * What a worker begins by itself because the customer asked for it in advance. Whether they still want
 * it is not in this row, so it takes a last look first, then stores the attempt and sends it; or it
 * lets the purchase end.
 */
export interface AutomaticStep {
  readonly do: "create_payment" | "confirm_payment";
  readonly at: Instant;
}

/**
 * The earliest thing owed. A purchase by hand whose payment nobody confirmed owes nothing but its end:
 * pressing "Pay" is the customer's, so a worker never does it for them.
 */
export function nextStep(topUp: TopUp): TopUpStep | null {
  let first: TopUpStep | null = null;
  for (const step of isUnderWay(topUp) ? stepsOf(topUp) : []) {
    if (first === null || step.at < first.at) first = step;
  }
  return first;
}

/**
 * What is owed by now. A worker that was away longer than a confirmation is waited for does not send it
 * again: the customer may have paid otherwise since, or want it no more. It is given up instead, which
 * asks the gateway to cancel, and that tells whether it had been carried out.
 */
export function dueStep(topUp: TopUp, now: Instant): TopUpStep | null {
  const due = (isUnderWay(topUp) ? stepsOf(topUp) : []).filter(({ at }) => at <= now);
  const isGivenUp = due.some((step) => step.do === "close");
  const wanted = isGivenUp ? due.filter((step) => step.do !== "send_again") : due;
  return wanted.reduce<TopUpStep | null>(
    (first, step) => (first === null || step.at < first.at ? step : first),
    null,
  );
}

/** Null for a purchase by hand, and while anything else is being waited for. */
export function nextAutomaticStep(topUp: TopUp): AutomaticStep | null {
  const { state, createdAt, attempts, closing } = topUp;
  if (!isAutomatic(topUp) || closing !== null) return null;
  switch (state) {
    case "draft":
      return attempts.length === 0 ? { do: "create_payment", at: createdAt } : null;
    case "awaiting_payment": {
      const known = attempts.map(({ resolvedAt }) => resolvedAt ?? createdAt);
      return { do: "confirm_payment", at: known.reduce(later, createdAt) };
    }
    case "retry_wait": {
      const at = retryAt(topUp);
      invariant(at !== null, "a purchase that waits to be tried again knows when");
      return { do: "confirm_payment", at };
    }
    default:
      return null;
  }
}

/** The instant that is stored with a top-up: the earliest at which anything is owed to it. */
export function nextStepAt(topUp: TopUp): Instant | null {
  return earliest([nextStep(topUp)?.at ?? null, nextAutomaticStep(topUp)?.at ?? null]);
}

/** What comes first in this list goes first when several are due at the same instant. */
function stepsOf(topUp: TopUp): TopUpStep[] {
  const { closing, readAt, state } = topUp;
  const { resendAfterMs, resendCreationWithinMs, giveUpAfterMs, reviewAfterMs } = purchaseSettings;
  const create = unresolvedAttempt(topUp, "create");
  const confirm = unresolvedAttempt(topUp, "confirm");
  const cancel = unresolvedAttempt(topUp, "cancel");
  const steps: TopUpStep[] = [];

  if (closing !== null) {
    // What the bank is still working on can be neither cancelled nor judged.
    if (state !== "processing") {
      steps.push({ do: "review", at: after(closing.since, reviewAfterMs) });
      if (cancel === undefined) steps.push({ do: "cancel_payment", at: closing.cancelAt });
    }
  } else if (confirm !== undefined) {
    steps.push({ do: "close", as: "failed", at: after(confirm.firstSentAt, giveUpAfterMs) });
  } else if (state !== "processing") {
    steps.push(endOf(topUp));
  }
  if (readAt !== null) steps.push({ do: "read_payment", at: readAt });
  // Once it is being cancelled a confirmation is not sent again: it might still charge.
  for (const attempt of [create, closing === null ? confirm : undefined, cancel]) {
    if (attempt === undefined) continue;
    const at = after(attempt.lastSentAt, resendAfterMs);
    const isForgotten =
      attempt.action === "create" && at > after(attempt.firstSentAt, resendCreationWithinMs);
    if (!isForgotten) steps.push({ do: "send_again", number: attempt.number, at });
  }
  return steps;
}

/** When a purchase that nobody pays ends by itself, and as what. */
function endOf(topUp: TopUp): TopUpStep {
  const { state, createdAt, openUntil } = topUp;
  if (!isAutomatic(topUp)) return { do: "close", as: "expired", at: openUntil };
  const at = payableUntil(topUp);
  switch (state) {
    case "draft":
      // A payment that cannot even be made in so long is given up; the next wake-up begins anew.
      return { do: "close", as: "expired", at: after(createdAt, purchaseSettings.openForMs) };
    case "retry_wait":
      return { do: "close", as: "failed", at };
    case "action_required":
      return { do: "close", as: "canceled", at };
    default:
      return { do: "close", as: "expired", at };
  }
}
