// To be replaced whole by whoever writes refunds; here only so that the neighbours compile.
import type { TopUp } from "@scanmeter/core/purchase";
import type { PaymentDeps } from "../deps.ts";

export async function startRefundOfPayment(
  _deps: PaymentDeps,
  _refund: {
    readonly topUp: TopUp;
    readonly paymentIntentId: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly key: string;
    readonly reason: string;
  },
): Promise<void> {}

export async function pursueDueRefunds(_deps: PaymentDeps, _limit: number): Promise<number> {
  return 0;
}
