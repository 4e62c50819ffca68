/** A payment and what became of its money, read from the gateway's objects. Nothing is judged here. */
import type { Instant } from "@scanmeter/core";
import type { PaymentIntentFacts } from "@scanmeter/core/purchase";
import {
  fieldsOf,
  idOf,
  instantOf,
  isText,
  isWhole,
  metadataOf,
  objectNamed,
  textOf,
  webAddressOf,
} from "./gateway-fields.ts";
import { failureIn } from "./gateway-refusals.ts";

export interface GatewayRefund {
  readonly id: string;
  readonly paymentIntentId: string;
  readonly amountMinor: number;
  /** In the gateway's small letters. */
  readonly currency: string;
  readonly status: string;
  readonly createdAt: Instant;
  /** Ours, from its metadata; null for a refund that was made in the gateway's dashboard. */
  readonly refundId: string | null;
}

export interface GatewayDispute {
  readonly id: string;
  readonly paymentIntentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly status: string;
}

/** A payment with all that became of its money. */
export interface PaymentReading {
  readonly intent: PaymentIntentFacts;
  readonly refunds: readonly GatewayRefund[];
  readonly disputes: readonly GatewayDispute[];
}

export function paymentIntentOf(value: unknown): PaymentIntentFacts | null {
  const intent = objectNamed("payment_intent", value);
  if (intent === null) return null;
  const { id, status, amount, amount_received: received, currency, livemode } = intent;
  if (!isText(id) || !isText(status) || !isText(currency)) return null;
  if (!isWhole(amount) || !isWhole(received) || typeof livemode !== "boolean") return null;
  const charge = chargeOf(value);
  return {
    object: "payment_intent",
    id,
    status,
    amountMinor: amount,
    amountReceivedMinor: received,
    currency,
    customerId: idOf(intent.customer),
    livemode,
    topUpId: textOf(metadataOf(intent.metadata).top_up_id),
    // Of a charge that failed the instant says nothing about a payment.
    paidAt: charge?.status === "succeeded" ? instantOf(charge.created) : null,
    redirectUrl: redirectUrlOf(intent.next_action),
    failure: failureIn(intent.last_payment_error),
  };
}

/** Where the customer authenticates. Other actions need Stripe's script in the page, which is not there. */
function redirectUrlOf(nextAction: unknown): string | null {
  return webAddressOf(fieldsOf(fieldsOf(nextAction)?.redirect_to_url)?.url);
}

/** The charge that was tried last, where the reading asked for all of it. */
function chargeOf(intent: unknown) {
  return objectNamed("charge", fieldsOf(intent)?.latest_charge);
}

export interface ReadIntent extends Pick<PaymentReading, "intent"> {
  /** Money can have come back only of a charge. */
  readonly hasCharge: boolean;
  /** The charge says, in so many words, that nothing of it was refunded or disputed. */
  readonly isUntouched: boolean;
}

/** The payment that was asked for, with all of its charge. */
export function readIntentOf(id: string, value: unknown): ReadIntent | null {
  const intent = paymentIntentOf(value);
  const charge = chargeOf(value);
  const hasCharge = fieldsOf(value)?.latest_charge != null;
  if (intent?.id !== id || (hasCharge && charge === null)) return null;
  const isUntouched = charge?.amount_refunded === 0 && charge.disputed === false;
  return { intent, hasCharge, isUntouched };
}

export function refundOf(value: unknown): GatewayRefund | null {
  const refund = objectNamed("refund", value);
  if (refund === null) return null;
  const { id, amount, currency, status } = refund;
  const paymentIntentId = idOf(refund.payment_intent);
  const createdAt = instantOf(refund.created);
  if (!isText(id) || !isText(status) || !isText(currency) || !isWhole(amount)) return null;
  if (paymentIntentId === null || createdAt === null) return null;
  const refundId = textOf(metadataOf(refund.metadata).refund_id);
  return { id, paymentIntentId, amountMinor: amount, currency, status, createdAt, refundId };
}

export function disputeOf(value: unknown): GatewayDispute | null {
  const dispute = objectNamed("dispute", value);
  if (dispute === null) return null;
  const { id, amount, currency, status } = dispute;
  const paymentIntentId = idOf(dispute.payment_intent);
  if (!isText(id) || !isText(status) || !isText(currency) || !isWhole(amount)) return null;
  if (paymentIntentId === null) return null;
  return { id, paymentIntentId, amountMinor: amount, currency, status };
}
