import { invariant } from "../invariant.ts";
import { after, type Instant, later } from "../units.ts";
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
  /** Of an automatic purchase: take a last look, then store an attempt to create the payment and send it. */
  | { readonly do: "create_payment"; readonly at: Instant }
  /** Of an automatic purchase: take a last look, then store an attempt to charge the card and send it. */
  | { readonly do: "confirm_payment"; readonly at: Instant }
  | { readonly do: "close"; readonly as: ClosedState; readonly at: Instant }
  | { readonly do: "review"; readonly at: Instant };

/**
 * The earliest thing owed. A purchase by hand whose payment nobody confirmed owes nothing but its end:
 * pressing "Pay" is the customer's, so a worker never does it for them. What the customer asked for
 * in advance a worker begins by itself; whether it is still wanted is for whoever takes the step to
 * find out, because that is not in this row.
 */
export function nextStep(topUp: TopUp): TopUpStep | null {
  let first: TopUpStep | null = null;
  for (const step of isUnderWay(topUp) ? stepsOf(topUp) : []) {
    if (first === null || step.at < first.at) first = step;
  }
  return first;
}

/** What comes first in this list goes first when several are due at the same instant. */
function stepsOf(topUp: TopUp): TopUpStep[] {
  const { closing, readAt, state, openUntil } = topUp;
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
  } else if (isAutomatic(topUp)) {
    steps.push(...automaticStepsOf(topUp));
  } else if (state !== "processing") {
    steps.push({ do: "close", as: "expired", at: openUntil });
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

function automaticStepsOf(topUp: TopUp): TopUpStep[] {
  const { state, createdAt, attempts } = topUp;
  const end = payableUntil(topUp);
  switch (state) {
    case "draft": {
      const at = after(createdAt, purchaseSettings.openForMs);
      const close: TopUpStep = { do: "close", as: "expired", at };
      return attempts.length > 0 ? [close] : [{ do: "create_payment", at: createdAt }, close];
    }
    case "awaiting_payment": {
      const known = attempts.map(({ resolvedAt }) => resolvedAt);
      const at = known.reduce<Instant>((last, one) => later(last, one ?? last), createdAt);
      return [
        { do: "confirm_payment", at },
        { do: "close", as: "expired", at: end },
      ];
    }
    case "retry_wait": {
      const at = retryAt(topUp);
      invariant(at !== null, "a purchase that waits to be tried again knows when");
      return [
        { do: "confirm_payment", at },
        { do: "close", as: "failed", at: end },
      ];
    }
    case "action_required":
      return [{ do: "close", as: "canceled", at: end }];
    default:
      return [];
  }
}
