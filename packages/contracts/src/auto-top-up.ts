/** Automatic top-ups as pages see them. Money is whole minor units, instants are ISO 8601 UTC. */

export interface TriggersView {
  outOfCredits: boolean;
  beforeExpiry: boolean;
}

export type AutoTopUpStatusView =
  | "off"
  | "active"
  | "waiting_for_payment_method"
  | "needs_authentication"
  | "suspended"
  | "limit_reached";

/** Why, as far as the status alone does not say. */
export type AutoTopUpReasonView =
  | "card_refused"
  | "card_details"
  | "retries_exhausted"
  | "authentication_unanswered"
  | "inquiry"
  | "dispute"
  | "fraud_warning"
  | "operator"
  | "consent_needed"
  | "under_review"
  | "retrying"
  | "purchase_in_flight";

/** What the customer can do about it. */
export type WayOutView =
  | "switch_on"
  | "add_card"
  | "authenticate"
  | "change_card"
  | "change_card_or_save"
  | "save_again"
  | "raise_limit_or_wait"
  | "contact_us";

/** Who agreed to be charged, when, where and to which words. */
export interface ConsentView {
  givenAt: string;
  /** The name of the member; null when they are a member no more. */
  by: string | null;
  surface: "checkout" | "overview";
  sentence: string;
  totalMinor: number;
  currency: string;
}

export interface AutoTopUpView {
  enabled: boolean;
  quantity: number;
  triggers: TriggersView;
  threshold: number;
  monthlyLimitMinor: number | null;
  /** The one that was seen, for saving. */
  revision: number;
  status: AutoTopUpStatusView;
  reason: AutoTopUpReasonView | null;
  wayOut: WayOutView | null;
  /** When what is in the way goes away by itself, or what is under way goes on. */
  until: string | null;
  /** The purchase the status is about. */
  topUpId: string | null;
  /** When credits are bought next because others are about to expire. */
  nextRenewalAt: string | null;
  /** The date that purchase moves. */
  renewsExpiryAt: string | null;
  consent: ConsentView | null;
  /** Of one purchase at today's price, tax included. */
  totalMinor: number;
  currency: string;
  /** What was bought automatically in this calendar month, and what is under way. */
  spentThisMonthMinor: number;
  card: { brand: string; last4: string } | null;
  quantityMax: number;
  /** A purchase lets so many days pass before the date, at most so many times in 24 hours. */
  renewalDaysBefore: number;
  perDayMax: number;
}

export interface AutoTopUpPreview {
  /** The words the customer agrees to by saving. */
  sentence: string;
  totalMinor: number;
  currency: string;
  /** Saving this charges a card at once, or as soon as there is one: ask once more. */
  chargesNow: { trigger: "out_of_credits" | "before_expiry" } | null;
  /** Saving is a new agreement, not a repetition or less of the old one. */
  needsConsent: boolean;
  /** What these settings would have done in the last 12 months, at today's price. */
  past: { purchases: number; totalMinor: number; unpaidCredits: number };
  next: {
    /** When credits are bought because others are about to expire; null when none are, or it is not asked for. */
    renewalAt: string | null;
    renewsExpiryAt: string | null;
    /** The balance at which credits are bought; null when that is not asked for. */
    atBalance: number | null;
  };
}

/** A purchase the bank wants the customer to confirm. */
export interface AuthenticationView {
  topUpId: string;
  /** Where to go; null when nothing is to be confirmed any more. */
  nextAction: { type: "redirect"; url: string } | null;
}
