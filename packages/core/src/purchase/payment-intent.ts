import { type Currency, isCurrency } from "../pricing/money.ts";
import type { Instant } from "../units.ts";

/**
 * What the payment gateway says about a payment, as read from it just now and believed only as far as
 * it agrees with our row. Everything is as it came: a status or a currency we have never heard of is
 * a fact too, and must neither crash nor credit anything.
 */
export interface PaymentIntentFacts {
  readonly object: string;
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly amountReceivedMinor: number;
  /** In the gateway's small letters. */
  readonly currency: string;
  readonly customerId: string | null;
  readonly livemode: boolean;
  /** The top-up it was created for, from its metadata. */
  readonly topUpId: string | null;
  /** When the successful charge was made, by the gateway's clock. */
  readonly paidAt: Instant | null;
  /** Where the customer authenticates, when that is asked for. */
  readonly redirectUrl: string | null;
  readonly failure: PaymentFailure | null;
}

/** Why a payment did not go through. What the customer is told about it is decided elsewhere. */
export interface PaymentFailure {
  readonly code: string;
  readonly declineCode: string | null;
  readonly adviceCode: string | null;
}

/** What came back from a call that was to change a payment. */
export type Answer =
  /** A payment, whatever its status. */
  | { readonly is: "intent"; readonly intent: PaymentIntentFacts }
  /** The bank said no; the gateway keeps this answer for the call's key. */
  | { readonly is: "declined"; readonly failure: PaymentFailure }
  /** The gateway would not carry out the call at all: bad parameters, no permission. */
  | { readonly is: "rejected"; readonly failure: PaymentFailure }
  /** "Not in this state": the payment has moved on meanwhile and has to be read. */
  | { readonly is: "moved_on" }
  /** Timeout, 409, 429, 5xx, or a body that is no answer. It may have happened and may not have. */
  | { readonly is: "unknown" };

/** In what a payment and the row it was made for may differ. Any of them keeps credits back. */
export type Difference =
  | "object"
  | "payment_intent"
  | "top_up"
  | "amount"
  | "amount_received"
  | "currency"
  | "customer"
  | "livemode"
  | "expiry";

/** What a payment for a row must look like. */
export interface ExpectedPayment {
  readonly topUpId: string;
  readonly paymentIntentId: string | null;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly customerId: string;
  readonly livemode: boolean;
}

export function differencesFrom(
  expected: ExpectedPayment,
  intent: PaymentIntentFacts,
): Difference[] {
  const currency = intent.currency.toUpperCase();
  const agreements: readonly (readonly [Difference, boolean])[] = [
    ["object", intent.object === "payment_intent"],
    ["payment_intent", intent.id === expected.paymentIntentId],
    ["top_up", intent.topUpId === expected.topUpId],
    ["amount", intent.amountMinor === expected.amountMinor],
    ["currency", isCurrency(currency) && currency === expected.currency],
    ["customer", intent.customerId === expected.customerId],
    ["livemode", intent.livemode === expected.livemode],
  ];
  return agreements.filter(([, agrees]) => !agrees).map(([difference]) => difference);
}
