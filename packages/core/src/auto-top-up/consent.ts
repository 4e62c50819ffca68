/**
 * What the customer agreed to, kept word for word: a card may be charged without its owner only for
 * what they agreed to (docs.stripe.com/payments/save-and-reuse, "Compliance"). Less of it needs no
 * asking; more of it, or a higher price, does.
 */
import { type Currency, type Minor, minor } from "../pricing/money.ts";
import type { Quote } from "../pricing/quote.ts";
import type { Credits, Instant } from "../units.ts";
import type { AutoTopUpSettings, Triggers } from "./configuration.ts";

/** Where it was given: the checkout's Order step, or the form on Account Overview. */
export const consentSurfaces = ["checkout", "overview"] as const;
export type ConsentSurface = (typeof consentSurfaces)[number];

/** The price of one purchase as it was shown. */
export interface ConsentPrice {
  readonly netMinor: Minor;
  readonly totalMinor: Minor;
  readonly currency: Currency;
}

/** One act of agreeing. It is never changed; a later one is another record. */
export interface Consent {
  readonly at: Instant;
  readonly userId: string;
  readonly surface: ConsentSurface;
  /** Where the request came from, if that is known. */
  readonly ip: string | null;
  /** Exactly what was shown, and the version of the words. */
  readonly sentence: string;
  readonly textVersion: string;
  readonly price: ConsentPrice;
  readonly quantity: Credits;
  readonly triggers: Triggers;
  readonly threshold: Credits;
  readonly monthlyLimitMinor: Minor | null;
}

export type ConsentNeed =
  | "not_given"
  /** It was off; switching on is a new agreement even to the same thing. */
  | "switched_on"
  | "trigger_added"
  | "quantity_up"
  | "threshold_up"
  | "limit_up"
  | "price_up";

/** What an agreement has to cover. */
export type Agreed = Pick<Consent, "quantity" | "triggers" | "threshold" | "monthlyLimitMinor">;

/**
 * The price of the credits without tax is what is compared: tax follows from where the customer says
 * they are, often told only after they agreed.
 */
export function priceOf(quote: Quote): ConsentPrice {
  const { subtotalMinor, discountMinor, totalMinor, currency } = quote;
  return { netMinor: minor(subtotalMinor - discountMinor), totalMinor, currency };
}

/** In what something goes beyond what was agreed to; nothing when it is covered. */
export function beyond(agreed: Agreed, wanted: Agreed): ConsentNeed[] {
  const needs: [ConsentNeed, boolean][] = [
    [
      "trigger_added",
      (wanted.triggers.outOfCredits && !agreed.triggers.outOfCredits) ||
        (wanted.triggers.beforeExpiry && !agreed.triggers.beforeExpiry),
    ],
    ["quantity_up", wanted.quantity > agreed.quantity],
    ["threshold_up", wanted.threshold > agreed.threshold],
    ["limit_up", limitOf(wanted) > limitOf(agreed)],
  ];
  return needs.filter(([, isBeyond]) => isBeyond).map(([need]) => need);
}

/** No limit is the highest. */
function limitOf({ monthlyLimitMinor }: Pick<Agreed, "monthlyLimitMinor">): number {
  return monthlyLimitMinor ?? Number.POSITIVE_INFINITY;
}

/**
 * Why the customer has to be asked before anything is charged; nothing when all of it is agreed to.
 * The agreed price is one of a whole purchase: fewer credits may cost as much, never more.
 */
export function missingConsent(
  consent: Consent | null,
  wanted: Agreed,
  price: ConsentPrice,
): ConsentNeed[] {
  if (consent === null) return ["not_given"];
  const agreed = consent.price;
  const isDearer = price.currency !== agreed.currency || price.netMinor > agreed.netMinor;
  return [...beyond(consent, wanted), ...(isDearer ? (["price_up"] as const) : [])];
}

/** Why saving these settings is a new agreement; nothing when the old one covers them or they are off. */
export function freshConsentFor(change: {
  readonly before: AutoTopUpSettings;
  readonly wanted: Omit<AutoTopUpSettings, "revision">;
  readonly consent: Consent | null;
  readonly price: ConsentPrice;
}): ConsentNeed[] {
  const { before, wanted, consent, price } = change;
  if (!wanted.enabled) return [];
  if (consent === null) return ["not_given"];
  if (!before.enabled) return ["switched_on"];
  return [...new Set([...beyond(before, wanted), ...missingConsent(consent, wanted, price)])];
}
