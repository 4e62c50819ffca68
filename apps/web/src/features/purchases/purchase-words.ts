/** How a purchase is told to its buyer. What became of it, and of its money later, the server says. */
import type { SettlementView, TopUpTriggerView, TopUpView } from "@scanmeter/contracts/checkout";

const triggers: Record<TopUpTriggerView, string> = {
  manual: "Manual purchase",
  out_of_credits: "Automatic purchase: credits ran out",
  before_expiry: "Automatic purchase: before expiry",
};

export const triggerInWords = (trigger: TopUpTriggerView): string =>
  triggers[trigger] ?? "Automatic purchase";

/** One by hand is confirmed in its checkout, where its customer is. */
export function asksForConfirmation({ trigger, state }: Pick<TopUpView, "trigger" | "state">) {
  return trigger !== "manual" && state === "action_required";
}

const settlements: Record<Exclude<SettlementView, "none">, string> = {
  refund_pending: "Refund on its way",
  partially_refunded: "Partly refunded",
  refunded: "Refunded",
  inquiry: "Paid, the bank has a question",
  disputed: "Disputed",
  dispute_lost: "Dispute lost",
};

const states: Record<string, string> = {
  draft: "Not paid",
  awaiting_payment: "Not paid",
  charging: "Being confirmed",
  action_required: "Waits for your bank",
  processing: "Being confirmed",
  retry_wait: "Will be tried again",
  paid: "Paid",
  expired: "Expired, not paid",
  canceled: "Canceled, not paid",
  failed: "Failed, not paid",
  needs_review: "Being looked at",
};

export function purchaseState({
  state,
  settlement,
}: Pick<TopUpView, "state" | "settlement">): string {
  if (state === "paid" && settlement !== "none") return settlements[settlement] ?? "Paid";
  // The server may be newer than this page.
  return states[state] ?? "Being looked at";
}
