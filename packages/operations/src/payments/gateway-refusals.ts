/**
 * What a call that did not succeed proves. Much less than one would think: an answer is believed only
 * in the statuses and words Stripe itself uses, and everything else may have happened.
 */
import type { Answer, PaymentFailure } from "@scanmeter/core/purchase";
import Stripe from "stripe";
import { fieldsOf, textOf } from "./gateway-fields.ts";

/** What was asked of the gateway and how far its answer can be believed. */
export type Asked<Value> =
  | { readonly is: "value"; readonly value: Value }
  /** The gateway knows nothing by this id. */
  | { readonly is: "missing" }
  /** It was refused, and for certain not carried out. */
  | { readonly is: "rejected"; readonly failure: PaymentFailure }
  /** Timeout, 409, 429, 5xx, or a body that is no answer. It may have happened and may not have. */
  | { readonly is: "unknown" };

export type Refusal =
  | {
      readonly is: "declined" | "rejected" | "missing" | "moved_on";
      readonly failure: PaymentFailure;
    }
  | { readonly is: "unknown" };

const UNKNOWN = { is: "unknown" } as const;

/** A refusal in a status that Stripe does not refuse with comes from somebody in between. */
const refusingStatuses: ReadonlySet<unknown> = new Set([400, 401, 402, 403, 404]);
const refusingTypes: ReadonlySet<unknown> = new Set([
  "card_error",
  "idempotency_error",
  "invalid_request_error",
]);
/** Somebody else is at it just now, so the outcome is theirs to tell, whatever the status. */
const passingCodes: ReadonlySet<unknown> = new Set([
  "idempotency_key_in_use",
  "lock_timeout",
  "rate_limit",
]);

/**
 * @param sendings how often the SDK sent the call by itself. It repeats a call whose connection broke,
 * even with retries switched off, and the broken one may have been carried out: a refusal of the
 * second sending then says nothing of the first. Two refusals stand all the same, because the key is
 * what they are about: a decline is the kept answer of the sending that was carried out, and a key
 * that belongs to other parameters never carried out these.
 */
export function refusalIn(error: unknown, sendings: number): Refusal {
  if (!(error instanceof Stripe.errors.StripeError)) return UNKNOWN;
  const raw = fieldsOf(error.raw) ?? {};
  const { statusCode } = error;
  if (!refusingStatuses.has(statusCode) || !refusingTypes.has(raw.type)) return UNKNOWN;
  if (passingCodes.has(raw.code)) return UNKNOWN;

  const failure = failureIn(raw);
  if (failure === null) return UNKNOWN;
  // The same key with other parameters: a mistake of ours, for a person to look at.
  if (raw.type === "idempotency_error")
    return { is: "rejected", failure: { ...failure, code: "idempotency_error" } };
  if (statusCode === 402 || failure.code === "authentication_required")
    return { is: "declined", failure };
  if (failure.code === "payment_intent_unexpected_state") return { is: "moved_on", failure };
  if (sendings > 1) return UNKNOWN;
  // A 404 without this code is an address that does not exist, and tells nothing of the object.
  if (failure.code === "resource_missing") return { is: "missing", failure };
  return { is: "rejected", failure };
}

/** Codes are words; anything else is not for our rows and screens. */
function wordOf(value: unknown): string | null {
  const text = textOf(value);
  return text !== null && /^\w{1,100}$/.test(text) ? text : null;
}

/** Why, in the gateway's words. Of errors and of a payment's last failed try alike. */
export function failureIn(value: unknown): PaymentFailure | null {
  const fields = fieldsOf(value);
  const code = wordOf(fields?.code) ?? wordOf(fields?.type);
  if (fields === null || code === null) return null;
  return {
    code,
    declineCode: wordOf(fields.decline_code),
    adviceCode: wordOf(fields.advice_code),
  };
}

/** As a call that moves money hears it. A payment that is not there was not confirmed either. */
export function answerOf(refusal: Refusal): Answer {
  switch (refusal.is) {
    case "declined":
    case "rejected":
      return { is: refusal.is, failure: refusal.failure };
    case "missing":
      return { is: "rejected", failure: refusal.failure };
    case "moved_on":
      return { is: "moved_on" };
    case "unknown":
      return refusal;
  }
}

/** As any other call hears it. Nothing was charged that could have been declined or moved on. */
export function askedOf(refusal: Refusal): Exclude<Asked<never>, { is: "value" }> {
  switch (refusal.is) {
    case "declined":
    case "moved_on":
    case "rejected":
      return { is: "rejected", failure: refusal.failure };
    case "missing":
      return { is: "missing" };
    case "unknown":
      return refusal;
  }
}
