/** What is known of an account when it is decided whether to buy. */
import type { AccountId, LotId } from "../ids.ts";
import type { Quote } from "../pricing/quote.ts";
import type { TopUp } from "../purchase/top-up.ts";
import type { Credits, Instant } from "../units.ts";
import type { AutoTopUpSettings } from "./configuration.ts";
import type { Consent } from "./consent.ts";
import type { Suspension } from "./suspension.ts";

/** The date a renewal is about: the earliest at which paid credits would go, and one of their lots. */
export interface Renewal {
  readonly lotId: LotId;
  readonly expiresAt: Instant;
}

export type SeenPurchase = Pick<
  TopUp,
  | "id"
  | "trigger"
  | "triggerKey"
  | "state"
  | "quote"
  | "createdAt"
  | "paidAt"
  | "closing"
  | "nextStepAt"
>;

export interface AutoTopUpFacts {
  readonly accountId: AccountId;
  readonly timeZone: string;
  readonly settings: AutoTopUpSettings;
  readonly consent: Consent | null;
  /** Of `settings.quantity` at today's price. */
  readonly quote: Quote;
  readonly available: Credits;
  /** A scan is paused because its next hour found no credit. */
  readonly isDueHourUnpaid: boolean;
  /** Rises with every grant. */
  readonly epoch: number;
  /** Null when no paid credits are left that could expire. */
  readonly renewal: Renewal | null;
  /** When the balance falls next by itself, whatever expires then; null when nothing does. */
  readonly nextExpiryAt: Instant | null;
  /**
   * Every purchase under way or under review, by hand or automatic; the automatic ones of the calendar
   * month and of the last 24 h; and all that belong to the episodes that are open now, however old.
   */
  readonly purchases: readonly SeenPurchase[];
  /**
   * Until when a customer who added their card to pay an order is given time: what they are about to buy
   * counts as coming. Null when nobody is.
   */
  readonly checkoutUntil: Instant | null;
  /** The card to charge, and since when it is the one; null when there is none. */
  readonly card: { readonly since: Instant } | null;
  readonly suspension: Suspension | null;
}
