/** How a purchase as it is stored reads in the words of the model. */
import type { ModelState } from "./account-model.ts";
import type { MemoryGateway, MemoryPayment } from "./memory-gateway.ts";
import type { SeenAttempt, SeenTopUp } from "./seen.ts";

/**
 * Unsettled is one about which a call or its end is out, and one that somebody else decided meanwhile:
 * what became of it is still to be found out.
 */
export function stateOf(topUp: SeenTopUp, payment: MemoryPayment | undefined): ModelState {
  const { state, attempts, closing, trigger } = topUp;
  const isOut =
    closing !== null || attempts.some((one) => one.state === "sending" || one.state === "unknown");
  switch (state) {
    case "paid":
    case "failed":
    case "canceled":
    case "expired":
    case "needs_review":
      return state;
    case "retry_wait":
      return isOut ? "unsettled" : "waiting";
    case "action_required": {
      const status = payment?.facts.status;
      const isDecided =
        status === "succeeded" || (trigger === "manual" && status !== "requires_action");
      return isOut || isDecided ? "unsettled" : "asked";
    }
    case "awaiting_payment":
      return isOut || trigger !== "manual" ? "unsettled" : "lying";
    default:
      return "unsettled";
  }
}

export function paymentOf(
  { paymentIntentId }: SeenTopUp,
  { payments }: MemoryGateway,
): MemoryPayment | undefined {
  return paymentIntentId === null ? undefined : payments.get(paymentIntentId);
}

export function isUnsettled(topUp: SeenTopUp, gateway: MemoryGateway): boolean {
  return stateOf(topUp, paymentOf(topUp, gateway)) === "unsettled";
}

/** When a card was charged for it or was to be. */
export function triesOf({ attempts }: SeenTopUp): number[] {
  return attempts.flatMap(({ action, firstSentAt }) => (action === "confirm" ? [firstSentAt] : []));
}

export function lastTryOf({ attempts }: SeenTopUp): SeenAttempt | undefined {
  return attempts.findLast(({ action }) => action === "confirm");
}
