/** What the policy of automatic top-ups decides by, made of the books and of what was read with them. */
import {
  after,
  availableAt,
  credits,
  type Instant,
  invariant,
  isWaitingForCredits,
  type Journal,
  nextExpiryAfter,
  quote,
  type ScanId,
} from "@scanmeter/core";
import {
  type AutoTopUpFacts,
  type AutoTopUpSettings,
  neverSaved,
  renewalOf,
} from "@scanmeter/core/auto-top-up";
import { type BillingDetails, purchaseSettings } from "@scanmeter/core/purchase";
import type { AutoTopUpKnown } from "@scanmeter/db";
import type { Payments } from "../payments/payments.ts";
import { taxOf } from "../payments/quotes.ts";

/**
 * Should so many credits not be sold at once any more, the most that are stand for them: less than
 * was asked for needs no asking.
 *
 * @param wanted the settings that are saved, or those somebody thinks about.
 */
export function autoTopUpFacts(
  payments: Payments,
  books: Journal,
  known: AutoTopUpKnown,
  wanted: AutoTopUpSettings = known.row?.settings ?? neverSaved,
): AutoTopUpFacts {
  const { row, place, card, purchases } = known;
  const { account, now } = books;
  const lots = [...books.lots];
  const { priceList } = payments;
  const quantity = credits(Math.min(wanted.quantity, priceList.quantityMax));
  const quoted = quote({ quantity, priceList, tax: taxOf(payments, known.billing) });
  invariant(quoted.ok, "a quantity in the range that is sold has a price");
  return {
    accountId: account.id,
    timeZone: place.timeZone,
    settings: { ...wanted, quantity },
    consent: row?.consent ?? null,
    quote: quoted.value,
    available: availableAt(lots, now),
    isDueHourUnpaid: isHourUnpaid(books, known),
    epoch: account.creditEpoch,
    renewal: renewalOf(lots, now),
    nextExpiryAt: nextExpiryAfter(lots, now)?.at ?? null,
    purchases,
    checkoutUntil: checkoutUntil(known),
    card,
    suspension: row?.suspension ?? null,
  };
}

/**
 * Who adds their card in a checkout does it to pay that order, so it is given time to be paid before
 * the card is charged for anything else. With a card that was there before, an order that is left
 * lying is in nobody's way.
 */
function checkoutUntil({ checkoutAt, card }: AutoTopUpKnown): Instant | null {
  const isToPayIt = checkoutAt !== null && card !== null && card.since > checkoutAt;
  return isToPayIt ? after(checkoutAt, purchaseSettings.openForMs) : null;
}

/** The books hold what this very commit did to a scan, so they are asked before what was read. */
function isHourUnpaid(books: Journal, { waitingScans }: AutoTopUpKnown): boolean {
  const isWaitingStill = (id: ScanId) => books.scan(id) === undefined;
  return [...books.scans].some(isWaitingForCredits) || waitingScans.some(isWaitingStill);
}

/**
 * Whom an automatic purchase is billed to: the details that were entered, or, as long as there are
 * none, the account by its name and its owner's address. Tax is as for a buyer at home then.
 */
export function billedTo({ seller }: Payments, { billing, place }: AutoTopUpKnown): BillingDetails {
  if (billing !== null) return billing;
  const nowhere = { line1: "", line2: null, city: "", postalCode: "", state: null };
  return {
    name: place.name,
    company: null,
    email: place.ownerEmail ?? "",
    address: { ...nowhere, country: seller.country },
    taxId: null,
  };
}
