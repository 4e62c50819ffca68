/**
 * What a quantity costs, decided by the server. A quote is worked out from its terms alone, and the
 * terms are what a row keeps: when prices or tax rates change, a stored purchase still costs what
 * the customer was shown.
 */
import { invariant } from "../invariant.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { InvalidQuantity } from "../refusals.ts";
import { type Credits, credits } from "../units.ts";
import { type Currency, type Minor, minor, shareHalfUp } from "./money.ts";
import { type Cap, capFor, discountFor, netHalfUp, type PriceList } from "./price-list.ts";
import { type Tax, WHOLE_BASIS_POINTS } from "./tax.ts";

/** All that a price follows from, fixed at the moment of quoting. */
export interface QuoteTerms {
  readonly quantity: Credits;
  readonly currency: Currency;
  readonly priceListVersion: string;
  readonly unitPriceMinor: Minor;
  readonly discountPercent: number;
  readonly cap: Cap | null;
  readonly tax: Tax;
}

/** Subtotal less discount plus tax is the total, and the total is what is charged. */
export interface Quote {
  readonly quantity: Credits;
  readonly currency: Currency;
  readonly unitPriceMinor: Minor;
  /** The discount of the quantity's tier. A cap makes the discounted amount larger than that. */
  readonly discountPercent: number;
  readonly subtotalMinor: Minor;
  readonly discountMinor: Minor;
  readonly taxMinor: Minor;
  readonly totalMinor: Minor;
  /** Buying this many would have cost less, so no more than that is charged. */
  readonly cappedByQuantity?: number;
}

export interface QuoteRequest {
  /** As it came from outside. */
  readonly quantity: number;
  readonly priceList: PriceList;
  readonly tax: Tax;
}

/** Fixes the terms for a quantity, if it is one that can be bought. */
export function quoteTerms({
  quantity,
  priceList,
  tax,
}: QuoteRequest): Outcome<QuoteTerms, InvalidQuantity> {
  const { quantityMax } = priceList;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > quantityMax) {
    return refuse({ code: "invalid_quantity", min: 1, max: quantityMax });
  }
  return accept({
    quantity: credits(quantity),
    currency: priceList.currency,
    priceListVersion: priceList.version,
    unitPriceMinor: priceList.unitPriceMinor,
    discountPercent: discountFor(priceList, quantity),
    cap: capFor(priceList, quantity),
    tax,
  });
}

/** The quote that stored terms stand for; the same today as on the day they were fixed. */
export function requote(terms: QuoteTerms): Quote {
  const { quantity, currency, unitPriceMinor, discountPercent, cap, tax } = terms;
  const subtotal = minor(quantity * unitPriceMinor);
  const uncapped = netHalfUp({ quantity, unitPriceMinor, discountPercent });
  const net = cap === null ? uncapped : netHalfUp({ ...cap, unitPriceMinor });
  invariant(net <= uncapped, "a cap never makes anything dearer");
  const taxAmount = shareHalfUp(net, { part: tax.basisPoints, whole: WHOLE_BASIS_POINTS });
  return {
    quantity,
    currency,
    unitPriceMinor,
    discountPercent,
    subtotalMinor: subtotal,
    discountMinor: minor(subtotal - net),
    taxMinor: minor(taxAmount),
    totalMinor: minor(net + taxAmount),
    ...(cap === null ? {} : { cappedByQuantity: cap.quantity }),
  };
}

export function quote(request: QuoteRequest): Outcome<Quote, InvalidQuantity> {
  const terms = quoteTerms(request);
  return terms.ok ? accept(requote(terms.value)) : terms;
}

/** What a checkout shows that only saves a card (rule 16). It is not a price, and nothing is charged. */
export function quoteOfNothing({ currency, unitPriceMinor }: PriceList): Quote {
  const nothing = minor(0);
  return {
    quantity: credits(0),
    currency,
    unitPriceMinor,
    discountPercent: 0,
    subtotalMinor: nothing,
    discountMinor: nothing,
    taxMinor: nothing,
    totalMinor: nothing,
  };
}
