/** What an account pays for a quantity today, and what the purchase would do to its dates. */
import {
  accept,
  type ForeseenExtension,
  foreseeExtensions,
  type Instant,
  type Outcome,
  type Quote,
  type QuoteTerms,
  quoteOfNothing,
  quoteTerms,
  type Refusal,
  requote,
  settings,
  type Tax,
  taxFor,
} from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { findBilling, findSnapshot } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import type { Payments } from "./payments.ts";

export interface PricedQuote {
  readonly quote: Quote;
  readonly tax: Tax;
  /** The date all unexpired paid credits would have if it were paid now (rule 18). */
  readonly newExpiresAt: Instant;
  /** Lot by lot, what becomes of the dates there are. Nothing is bought with nothing, so nothing moves. */
  readonly extensions: readonly ForeseenExtension[];
}

export interface AccountPlace {
  readonly id: string;
  readonly timeZone: string;
}

/** A price for nobody yet: what is not known of the buyer is as it is for a buyer at home. */
export function taxOf({ seller }: Payments, billing: BillingDetails | null): Tax {
  const { country, taxBasisPoints } = seller;
  const buyer = { country: billing?.address.country ?? country, taxId: billing?.taxId ?? null };
  return taxFor({ country, taxBasisPoints }, buyer);
}

export function termsFor(
  payments: Payments,
  billing: BillingDetails | null,
  quantity: number,
): Outcome<QuoteTerms, Refusal> {
  return quoteTerms({ quantity, priceList: payments.priceList, tax: taxOf(payments, billing) });
}

export async function quoteFor(
  deps: PaymentDeps,
  account: AccountPlace,
  quantity: number,
): Promise<Outcome<PricedQuote, Refusal>> {
  const billing = await findBilling(deps.db, account.id);
  const tax = taxOf(deps.payments, billing);
  const at = deps.clock.now();
  const newExpiresAt = addMonths(at, settings.creditMonths, account.timeZone);
  if (quantity === 0) {
    const quote = quoteOfNothing(deps.payments.priceList);
    return accept({ quote, tax, newExpiresAt, extensions: [] });
  }
  const terms = termsFor(deps.payments, billing, quantity);
  if (!terms.ok) return terms;
  const known = await findSnapshot(deps.db, account.id);
  const extensions =
    known === null ? [] : foreseeExtensions(known.account, known.lots, { newExpiresAt, at });
  return accept({ quote: requote(terms.value), tax, newExpiresAt, extensions });
}
