/** What a payment intent is made of, and what may be said about it in a request. */
import { invalidRequest } from "../api/errors.ts";
import {
  boolean,
  currency,
  email,
  integer,
  listOf,
  metadata,
  object,
  oneOf,
  type Param,
  removable,
  required,
  text,
  url,
} from "../api/params.ts";
import type { PaymentIntentStatus } from "../intents/payment-intent-state.ts";
import type { Resource } from "../store.ts";

export interface PaymentIntent extends Resource {
  allowed_payment_method_types: string[] | null;
  amount: number;
  amount_received: number;
  currency: string;
  customer: string | null;
  description: string | null;
  latest_charge: string | null;
  last_payment_error: object | null;
  metadata: Record<string, string>;
  next_action: object | null;
  payment_method: string | null;
  payment_method_options: { card: Record<string, unknown> };
  receipt_email: string | null;
  setup_future_usage: "off_session" | "on_session" | null;
  status: PaymentIntentStatus;
  [more: string]: unknown;
}

export interface PaymentIntentFacts {
  readonly confirmations: number;
  /** The bank's page that may still be answered. An older one is worthless. */
  readonly challenge: string | null;
  readonly storedCredentialUsage?: string | undefined;
}

const futureUsage = oneOf("off_session", "on_session");
const credentialUsage = oneOf("recurring", "installment", "unscheduled");
const card = object({
  request_three_d_secure: oneOf("any", "automatic", "challenge"),
  stored_credential_usage: credentialUsage,
  setup_credential_usage: credentialUsage,
});
const options = object({ card });

const offSession: Param<boolean | "one_off" | "recurring"> = {
  parse: (raw, path) => (raw === "one_off" || raw === "recurring" ? raw : boolean.parse(raw, path)),
};

export const cardOnly = listOf(oneOf("card"));

export const confirmShape = {
  allowed_payment_method_types: cardOnly,
  error_on_requires_action: boolean,
  off_session: offSession,
  payment_method: text(),
  payment_method_options: options,
  receipt_email: removable(email),
  return_url: url,
  setup_future_usage: removable(futureUsage),
};

export const createShape = {
  ...confirmShape,
  amount: required(integer),
  automatic_payment_methods: object({
    allow_redirects: oneOf("always", "never"),
    enabled: required(boolean),
  }),
  confirm: boolean,
  currency: required(currency),
  customer: text(),
  description: text(1000),
  metadata,
  receipt_email: email,
  setup_future_usage: futureUsage,
  statement_descriptor_suffix: text(22),
};

export const updateShape = {
  allowed_payment_method_types: cardOnly,
  amount: integer,
  currency,
  customer: text(),
  description: text(1000),
  metadata,
  payment_method: text(),
  payment_method_options: options,
  receipt_email: removable(email),
  setup_future_usage: removable(futureUsage),
};

const WITHOUT_CENTS = new Set(["jpy", "krw", "vnd", "clp"]);
const AMOUNT_MIN = 50;
const AMOUNT_MAX = 99_999_999;

export function checkAmount(amount: number, inCurrency: string): void {
  if (amount < 1)
    throw invalidRequest("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  if (amount < AMOUNT_MIN)
    throw invalidRequest(
      `Amount must be at least ${WITHOUT_CENTS.has(inCurrency) ? 50 : "0.50"} ${inCurrency}.`,
      { code: "amount_too_small", param: "amount" },
    );
  if (amount > AMOUNT_MAX)
    throw invalidRequest("Amount must be no more than 8 digits.", {
      code: "amount_too_large",
      param: "amount",
    });
}
