import type { PaymentIntentFacts, TopUp } from "@scanmeter/core/purchase";
import type { PaymentDeps } from "../deps.ts";
import { startRefundOfPayment } from "./refund.ts";

/** Gives back a second payment of the same purchase, whole. It granted no credits, so it takes none. */
export async function refundDuplicate(
  deps: PaymentDeps,
  { topUp, intent }: { readonly topUp: TopUp; readonly intent: PaymentIntentFacts },
): Promise<void> {
  await startRefundOfPayment(deps, {
    topUp,
    paymentIntentId: intent.id,
    amountMinor: intent.amountReceivedMinor,
    currency: intent.currency,
    key: `duplicate-${intent.id}`,
    reason: "duplicate",
  });
}
