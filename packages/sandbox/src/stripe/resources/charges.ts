/** One attempt to take money, successful or not. A payment intent has at most one that succeeded. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { listAll, listParams } from "../api/list.ts";
import { text } from "../api/params.ts";
import type { Decline } from "../cards/declines.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, HERE, type World } from "../world.ts";
import { newBalanceTransaction } from "./balance-transactions.ts";
import type { PaymentIntent } from "./payment-intents.ts";
import type { PaymentMethod } from "./payment-methods.ts";

export interface Charge extends Resource {
  amount: number;
  amount_refunded: number;
  created: number;
  currency: string;
  customer: string | null;
  disputed: boolean;
  paid: boolean;
  payment_intent: string;
  payment_method: string;
  refunded: boolean;
  status: "succeeded" | "failed";
  [more: string]: unknown;
}

export const chargeEndpoints: readonly Endpoint[] = [
  endpoint("get", "/v1/charges/:id", {}, (world, _, { id }) => get<Charge>(world, "charge", id)),
  endpoint(
    "get",
    "/v1/charges",
    { ...listParams, customer: text(), payment_intent: text() },
    (world, { customer, payment_intent, ...params }) =>
      listAll<Charge>(world, { object: "charge", url: "/v1/charges" }, params, {
        where: { customer, payment_intent },
      }),
  ),
];

interface Attempt {
  readonly intent: PaymentIntent;
  readonly method: PaymentMethod;
  readonly decline: Decline | null;
  readonly isAuthenticated: boolean;
  readonly storedCredentialUsage: string | undefined;
}

export function newCharge(world: World, attempt: Attempt): Charge {
  const { intent, method, decline } = attempt;
  const created = world.clock.seconds();
  const id = newId("ch");
  const isPaid = decline === null;
  const { amount, currency, description } = intent;
  // 1.5 % and 25 cents: a number that looks like a fee, not a tariff.
  const fee = Math.round(amount * 0.015) + 25;
  const movement = { amount, fee, currency, type: "charge", source: id, description } as const;
  const charge: Charge = {
    id,
    object: "charge",
    amount,
    amount_captured: isPaid ? amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: isPaid ? newBalanceTransaction(world, movement).id : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: "LOCAL STRIPE",
    captured: isPaid,
    created,
    currency,
    customer: intent.customer,
    description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: "card", card: detailsOf(attempt) },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid ? `${HERE}/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isPaid ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
  world.store.insert(charge, created);
  world.emit(isPaid ? "charge.succeeded" : "charge.failed", charge);
  return charge;
}

function outcomeOf(decline: Decline | null) {
  const advice_code = decline?.advice_code ?? null;
  const network = { advice_code, network_advice_code: null, network_decline_code: null };
  const risk = { risk_level: "normal", risk_score: 12 };
  if (decline === null)
    return {
      ...network,
      network_status: "approved_by_network",
      reason: null,
      ...risk,
      seller_message: "Payment complete.",
      type: "authorized",
    };
  if (decline.isBlocked)
    return {
      ...network,
      network_status: "not_sent_to_network",
      reason: "highest_risk_level",
      risk_level: "highest",
      risk_score: 92,
      seller_message: "Stripe blocked this payment as too risky.",
      type: "blocked",
    };
  return {
    ...network,
    network_status: "declined_by_network",
    reason: decline.decline_code ?? decline.code,
    ...risk,
    seller_message: "The bank did not return any further details with this decline.",
    type: "issuer_declined",
  };
}

function detailsOf({ intent, method, isAuthenticated, storedCredentialUsage }: Attempt) {
  const { brand, last4, exp_month, exp_year, fingerprint } = method.card;
  return {
    amount_authorized: intent.amount,
    authorization_code: null,
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    electronic_commerce_indicator: null,
    exp_month,
    exp_year,
    fingerprint,
    funding: "credit",
    installments: null,
    last4,
    mandate: null,
    network: brand,
    network_transaction_id: null,
    regulated_status: "unregulated",
    ...(storedCredentialUsage && { stored_credential_usage: storedCredentialUsage }),
    three_d_secure: isAuthenticated
      ? {
          authentication_flow: "challenge",
          electronic_commerce_indicator: "05",
          exemption_indicator: null,
          result: "authenticated",
          result_reason: null,
          transaction_id: null,
          version: "2.2.0",
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  };
}
