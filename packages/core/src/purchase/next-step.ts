import { after, type Instant } from "../units.ts";
import { purchaseSettings } from "./settings.ts";
import { isUnderWay, type TopUp, unresolvedAttempt } from "./top-up.ts";

/** What a worker owes a top-up when nobody calls. */
export type TopUpStep =
  | { readonly do: "read_payment"; readonly at: Instant }
  /** The same key and parameters once more. */
  | { readonly do: "send_again"; readonly number: number; readonly at: Instant }
  /** Store an attempt to cancel, then send it. */
  | { readonly do: "cancel_payment"; readonly at: Instant }
  | { readonly do: "close"; readonly as: "expired" | "failed"; readonly at: Instant }
  | { readonly do: "review"; readonly at: Instant };

/**
 * The earliest thing owed. A top-up whose payment nobody confirmed owes nothing but its end: pressing
 * "Pay" is the customer's, so a worker never does it for them.
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
