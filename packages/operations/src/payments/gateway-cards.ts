/** Saved cards and the hosted page on which one is added. Never a number, never a check digit. */
import {
  fieldsOf,
  idOf,
  isText,
  isWhole,
  metadataOf,
  objectNamed,
  textOf,
  webAddressOf,
} from "./gateway-fields.ts";

export interface CardFacts {
  readonly id: string;
  /** Null for a card that belongs to nobody, or to nobody any more: it pays nothing. */
  readonly customerId: string | null;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  /** The same for the same card, whoever saved it. */
  readonly fingerprint: string | null;
}

export interface CardPageOrder {
  readonly customerId: string;
  readonly currency: string;
  /** Where the customer comes back to; `{CHECKOUT_SESSION_ID}` in it becomes the page's id. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface CardPageFacts {
  readonly id: string;
  /** Where the customer is sent; null once the page is over. */
  readonly url: string | null;
  /** `open`, `complete` or `expired`, or a word we do not know yet. */
  readonly status: string;
  readonly customerId: string | null;
  /** What became of saving the card; null before it is asked for. */
  readonly setupStatus: string | null;
  /** The card, once it is saved and not before. */
  readonly card: CardFacts | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export function cardOf(value: unknown): CardFacts | null {
  const method = objectNamed("payment_method", value);
  const card = fieldsOf(method?.card);
  if (method === null || card === null) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
  if (!isText(method.id) || !isText(brand) || !isText(last4)) return null;
  if (!isWhole(expMonth) || !isWhole(expYear)) return null;
  return {
    id: method.id,
    customerId: idOf(method.customer),
    brand,
    last4,
    expMonth,
    expYear,
    fingerprint: textOf(card.fingerprint),
  };
}

export function cardPageOf(value: unknown): CardPageFacts | null {
  const session = objectNamed("checkout.session", value);
  if (session === null || !isText(session.id) || !isText(session.status)) return null;
  const setup = objectNamed("setup_intent", session.setup_intent);
  const isSaved = setup?.status === "succeeded";
  const card = isSaved ? cardOf(setup.payment_method) : null;
  if (isSaved && card === null) return null;
  return {
    id: session.id,
    url: webAddressOf(session.url),
    status: session.status,
    customerId: idOf(session.customer),
    setupStatus: textOf(setup?.status),
    card,
    metadata: metadataOf(session.metadata),
  };
}
