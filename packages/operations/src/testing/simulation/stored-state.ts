/** How a purchase as it is stored reads in the words of the model. */
import type { ModelState } from "./account-model.ts";
import type { MemoryPayment } from "./memory-gateway.ts";
import type { SeenAttempt, SeenTopUp } from "./seen.ts";

/**
 * Unsettled is one about which a call or its end is out, and one that somebody else decided meanwhile:
 * what became of it is still to be found out.
 */
export function stateOf(topUp: SeenTopUp, payment: MemoryPayment | undefined): ModelState {
  const { state, attempts, closing, trigger } = topUp;
  const isOut =
    closing !== null ||
    attempts.some((one) => one.state === "sending" || one.state === "unknown");
  switch (state) {
    case "paid":
    case "failed":
    case "canceled":
    case "expired":
    case "needs_review":
      return state;
    case "retry_wait":
      return isOut ? "unsettled" : "waiting";
    case "action_required":
      return isOut || payment?.facts.status === "succeeded" ? "unsettled" : "asked";
    case "awaiting_payment":
      return isOut || trigger !== "manual" ? "unsettled" : "lying";
    default:
      return "unsettled";
  }
}

/** When a card was charged for it or was to be. */
export function triesOf({ attempts }: SeenTopUp): number[] {
  return attempts.flatMap(({ action, firstSentAt }) => (action === "confirm" ? [firstSentAt] : []));
}

/** The card of the last try. */
export function triedCardOf({ attempts }: SeenTopUp): string {
  const tried = attempts.findLast(({ action }) => action === "confirm");
  return tried === undefined
    ? ""
    : (JSON.parse(tried.params) as { payment_method: string }).payment_method;
}
