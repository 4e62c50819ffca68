/**
 * Every expected no, with the facts a person or a screen needs. The codes are public and stable.
 * Facts are plain numbers and strings, because they travel to other processes as they are.
 */
export interface InsufficientCredits {
  readonly code: "insufficient_credits";
  readonly required: number;
  readonly available: number;
}

/** A quantity to buy that is no whole number in the range that is sold. */
export interface InvalidQuantity {
  readonly code: "invalid_quantity";
  readonly min: number;
  readonly max: number;
}

/** Of a purchase no more can be refunded than this. */
export interface NotRefundable {
  readonly code: "not_refundable";
  readonly reason: "not_paid" | "disputed" | "nothing_left" | "too_much";
  readonly refundableCredits: number;
  readonly refundableMinor: number;
  readonly currency: string;
}

/** A field of the settings of automatic top-ups that cannot be as it was entered, and what it can be. */
export interface InvalidAutoTopUp {
  readonly code: "invalid_auto_top_up";
  readonly field: "quantity" | "triggers" | "threshold" | "monthlyLimitMinor";
  readonly reason: "out_of_range" | "none" | "below_one_purchase";
  readonly min: number | null;
  readonly max: number | null;
}

/** Somebody else saved meanwhile: this is the revision to look at. */
export interface SettingsChanged {
  readonly code: "settings_changed";
  readonly revision: number;
}

export type Refusal =
  | InsufficientCredits
  | InvalidQuantity
  | NotRefundable
  | InvalidAutoTopUp
  | SettingsChanged
  | { readonly code: "account_not_found" }
  | { readonly code: "idempotency_key_reused"; readonly key: string }
  | { readonly code: "invalid_expiry"; readonly expiresAt: string }
  | { readonly code: "target_not_found"; readonly targetId: string }
  | { readonly code: "target_exists"; readonly url: string }
  | { readonly code: "too_many"; readonly what: string; readonly max: number }
  | { readonly code: "runner_key_not_found"; readonly runnerKeyId: string }
  | { readonly code: "scan_not_found"; readonly scanId: string }
  | { readonly code: "scan_already_ended"; readonly scanId: string; readonly state: string }
  | { readonly code: "scan_not_paused"; readonly scanId: string }
  | { readonly code: "scan_paused_by_user"; readonly scanId: string }
  | { readonly code: "forbidden"; readonly role: string }
  | { readonly code: "payments_off" }
  | { readonly code: "gateway_unavailable" }
  | { readonly code: "checkout_not_found"; readonly checkoutId: string }
  | { readonly code: "checkout_closed"; readonly status: string }
  | { readonly code: "quote_changed"; readonly totalMinor: number; readonly currency: string }
  | { readonly code: "billing_required" }
  | { readonly code: "payment_method_required" }
  | { readonly code: "payment_method_not_found"; readonly paymentMethodId: string }
  | { readonly code: "card_not_saved"; readonly declineCode: string | null }
  | { readonly code: "payment_in_progress" }
  | { readonly code: "purchase_closed"; readonly state: string }
  | { readonly code: "top_up_not_found"; readonly topUpId: string }
  /** The command was meant for the account that a page showed before another was chosen. */
  | { readonly code: "account_changed" }
  | { readonly code: "member_not_found"; readonly userId: string }
  | { readonly code: "last_owner" }
  | { readonly code: "already_a_member"; readonly email: string }
  /** Unknown, used, taken back or expired: nobody is told which. */
  | { readonly code: "invitation_not_found" }
  /** With as much of the invited address as its owner needs to recognise it. */
  | { readonly code: "invitation_for_another"; readonly email: string }
  | { readonly code: "unknown_time_zone" }
  | { readonly code: "currency_not_sold"; readonly sold: string }
  | { readonly code: "currency_in_use"; readonly currency: string };

export type RefusalCode = Refusal["code"];
