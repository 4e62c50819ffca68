/**
 * The states of a payment intent and the ways between them, without storage and without HTTP. A
 * payment intent succeeds at most once: `succeeded` and `canceled` lead nowhere.
 */
import type { Verdict } from "../cards/verdict.ts";

export type PaymentIntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "succeeded"
  | "canceled";

export type PaymentIntentCommand = "update" | "confirm" | "authenticate" | "cancel";

/** An intent that is declined again and again is given up, so that nobody tries cards on it for ever. */
export const CONFIRMATIONS_MAX = 10;

const ALLOWED: Readonly<Record<PaymentIntentStatus, readonly PaymentIntentCommand[]>> = {
  requires_payment_method: ["update", "confirm", "cancel"],
  requires_confirmation: ["update", "confirm", "cancel"],
  // Confirming again starts the attempt anew, which makes the open bank page worthless.
  requires_action: ["update", "confirm", "authenticate", "cancel"],
  succeeded: [],
  canceled: [],
};

export function isAllowed(status: PaymentIntentStatus, command: PaymentIntentCommand): boolean {
  return ALLOWED[status].includes(command);
}

/** Where an intent waits while nothing is being tried. */
export function restingStatus(hasPaymentMethod: boolean): PaymentIntentStatus {
  return hasPaymentMethod ? "requires_confirmation" : "requires_payment_method";
}

/** @param confirmations how often the intent was confirmed, this time included */
export function statusAfter(verdict: Verdict, confirmations: number): PaymentIntentStatus {
  switch (verdict.kind) {
    case "approved":
      return "succeeded";
    case "needs_authentication":
      return "requires_action";
    case "declined":
      return confirmations >= CONFIRMATIONS_MAX ? "canceled" : "requires_payment_method";
  }
}
