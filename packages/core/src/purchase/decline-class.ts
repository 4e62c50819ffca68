/**
 * What a decline means for a card that is charged without its owner: whether it may be tried again,
 * and when. Stripe names eight codes that must never be tried again on the same card
 * (docs.stripe.com/billing/revenue-recovery/smart-retries) and advice that wins over every code
 * (docs.stripe.com/declines/card); the class of each other code is our own cautious choice. A code we
 * have never heard of is never tried again, and somebody is told.
 */
import type { PaymentFailure } from "./payment-intent.ts";

export type DeclineClass =
  /** Not on this card again; another card may pay. */
  | "never_same_card"
  /** Nothing is wrong with the card that time could not mend. */
  | "retry_later"
  /** The bank wants to ask the customer, who is not there. */
  | "needs_authentication"
  /** Nothing at all on this card for a day. */
  | "wait_24h"
  /** What is stored of the card is wrong or over. */
  | "customer_must_fix_card";

const codesOf = {
  needs_authentication: ["authentication_required"],
  never_same_card: [
    "incorrect_number",
    "lost_card",
    "pickup_card",
    "stolen_card",
    "revocation_of_authorization",
    "revocation_of_all_authorizations",
    "stop_payment_order",
    "restricted_card",
    "invalid_account",
    "new_account_information_available",
    "card_not_supported",
    "currency_not_supported",
    "not_permitted",
    "transaction_not_allowed",
    "service_not_allowed",
    "security_violation",
    "fraudulent",
    "merchant_blacklist",
    "highest_risk_level",
    "do_not_try_again",
    "pin_try_exceeded",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "invalid_pin",
    "incorrect_pin",
    "testmode_decline",
  ],
  customer_must_fix_card: [
    "expired_card",
    "incorrect_cvc",
    "invalid_cvc",
    "incorrect_zip",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
  ],
  retry_later: [
    "insufficient_funds",
    "card_velocity_exceeded",
    "withdrawal_count_limit_exceeded",
    "processing_error",
    "issuer_not_available",
    "try_again_later",
    "reenter_transaction",
    "approve_with_id",
    "generic_decline",
    "do_not_honor",
    "call_issuer",
    "no_action_taken",
  ],
  wait_24h: [
    "card_decline_rate_limit_exceeded",
    // The bank saw the same amount a moment ago: by tomorrow that payment has been found, if it exists.
    "duplicate_transaction",
  ],
} as const satisfies Record<DeclineClass, readonly string[]>;

const classOfCode: ReadonlyMap<string, DeclineClass> = new Map(
  Object.entries(codesOf).flatMap(([of, codes]) =>
    codes.map((code) => [code, of as DeclineClass] as const),
  ),
);

export interface DeclineVerdict {
  readonly class: DeclineClass;
  /** False for a code that is not in the table: treated as final, and for a person to look at. */
  readonly isKnown: boolean;
}

/**
 * Of advice and codes the strictest wins: "do not try again" over everything, the day of rest over the
 * bank's own code, the bank's code over the gateway's, and what is to be corrected over trying later.
 */
export function declineVerdict(failure: PaymentFailure | null): DeclineVerdict {
  const { code, declineCode, adviceCode } = failure ?? {
    code: "",
    declineCode: null,
    adviceCode: null,
  };
  if (adviceCode === "do_not_try_again") return { class: "never_same_card", isKnown: true };
  if (code === "card_decline_rate_limit_exceeded") return { class: "wait_24h", isKnown: true };
  const stated = classOfCode.get(declineCode ?? code);
  if (stated === undefined) return { class: "never_same_card", isKnown: false };
  const isToBeCorrected = adviceCode === "confirm_card_data" && stated === "retry_later";
  return { class: isToBeCorrected ? "customer_must_fix_card" : stated, isKnown: true };
}
