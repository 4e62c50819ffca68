/**
 * What the calls say. They are written down before the first sending and sent again word by word, so
 * they are made of what is stored and of nothing else: no clock, no chance, and always in one order.
 */
import type { BillingDetails, ClosedState, TopUp } from "@scanmeter/core/purchase";
import type Stripe from "stripe";
import type { CardPageOrder } from "./gateway-cards.ts";

/**
 * Creates a payment that charges nobody yet. `allowed_payment_method_types` has replaced
 * `payment_method_types`, which this version of the API refuses. Only ids in the metadata: it is how a
 * payment is found again whose creation was never answered, and no place for personal data.
 */
export function paymentParams(topUp: TopUp): string {
  const { id, accountId, customerId, quote } = topUp;
  return JSON.stringify({
    amount: quote.totalMinor,
    currency: quote.currency.toLowerCase(),
    customer: customerId,
    allowed_payment_method_types: ["card"],
    description: `${quote.quantity} scan ${quote.quantity === 1 ? "credit" : "credits"}`,
    metadata: { top_up_id: id, account_id: accountId },
  });
}

/**
 * Pays with the customer present. With a `return_url` and without Stripe's script in the page the
 * answer names an address where they authenticate [docs.stripe.com/payments/3d-secure].
 */
export function confirmOnSessionParams(confirm: {
  readonly paymentMethodId: string;
  readonly returnUrl: string;
}): string {
  return JSON.stringify({
    payment_method: confirm.paymentMethodId,
    return_url: confirm.returnUrl,
    expand: ["latest_charge"],
  });
}

/** The card a stored confirmation charges. */
export function cardOfConfirmation(params: string): string {
  return (JSON.parse(params) as { readonly payment_method: string }).payment_method;
}

/**
 * Pays without the customer. `error_on_requires_action` turns a bank that wants to ask them into a
 * decline; without it the payment waits for somebody who is not there. `unscheduled` tells the network
 * what the card was stored for: no fixed rhythm, no fixed amount.
 */
export function confirmOffSessionParams(confirm: { readonly paymentMethodId: string }): string {
  return JSON.stringify({
    payment_method: confirm.paymentMethodId,
    off_session: true,
    error_on_requires_action: true,
    payment_method_options: { card: { stored_credential_usage: "unscheduled" } },
    expand: ["latest_charge"],
  });
}

/** The reason is for whoever reads the gateway's dashboard. */
export function cancelParams(as: ClosedState): string {
  const reason = as === "canceled" ? "requested_by_customer" : "abandoned";
  return JSON.stringify({ cancellation_reason: reason });
}

/**
 * `refundId` is ours; by it a refund whose answer was lost is told from one made in the dashboard. The
 * purchase is named as well, because a second payment that is given back is in no row of ours.
 */
export function refundParams(refund: {
  readonly refundId: string;
  readonly topUpId: string;
  readonly amountMinor: number;
}): string {
  return JSON.stringify({
    amount: refund.amountMinor,
    reason: "requested_by_customer",
    metadata: { refund_id: refund.refundId, top_up_id: refund.topUpId },
  });
}

/**
 * Whom the gateway's dashboard and receipts know the customer as. The tax id stays here: the documents
 * that need it are ours.
 */
export function customerParams({ name, company, email, address }: BillingDetails) {
  const { line1, line2, city, postalCode, state, country } = address;
  return {
    name: company ?? name,
    email,
    address: {
      line1,
      ...(line2 !== null && { line2 }),
      city,
      ...(postalCode !== "" && { postal_code: postalCode }),
      ...(state !== null && { state }),
      country,
    },
  } satisfies Stripe.CustomerUpdateParams;
}

/** The page belongs to whoever opened it, and so does the card: both carry the metadata. */
export function cardPageParams(page: CardPageOrder) {
  const metadata = { ...page.metadata };
  return {
    mode: "setup",
    ui_mode: "hosted_page",
    customer: page.customerId,
    currency: page.currency.toLowerCase(),
    allowed_payment_method_types: ["card"],
    success_url: page.successUrl,
    cancel_url: page.cancelUrl,
    metadata,
    setup_intent_data: { metadata },
  } satisfies Stripe.Checkout.SessionCreateParams;
}
