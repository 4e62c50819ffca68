/** Documents of purchases, for tests: ten credits for 95.00 euros and tax, bought at noon. */
import {
  demoSeller,
  type InvoiceFacts,
  invoiceDocument,
  type NumberedDocument,
} from "../documents/index.ts";
import type { LotId } from "../ids.ts";
import { type QuoteTerms, requote } from "../pricing/quote.ts";
import type { BillingDetails } from "../purchase/billing.ts";
import type { Receipt } from "../purchase/settle.ts";
import { credits, instant, NO_CREDITS } from "../units.ts";
import { noon } from "./builders.ts";
import { aTopUp, tenCredits } from "./purchases.ts";

export { tenCredits } from "./purchases.ts";

const YEAR_MS = 365 * 86_400_000;

export const aBuyer: BillingDetails = {
  name: "Łukasz Čapek",
  company: "Acme Sicherheit GmbH",
  email: "rechnung@acme.example",
  address: {
    line1: "Ringstraße 12",
    line2: null,
    city: "Wien",
    postalCode: "1010",
    state: null,
    country: "AT",
  },
  taxId: "ATU12345678",
};

export interface InvoiceAbout extends Partial<Omit<InvoiceFacts, "receipt" | "topUp">> {
  readonly terms?: QuoteTerms;
  readonly receipt?: Partial<Receipt>;
  readonly livemode?: boolean;
}

export function invoiceFacts(about: InvoiceAbout = {}): InvoiceFacts {
  const { terms = tenCredits, receipt, livemode = true, ...rest } = about;
  const topUp = aTopUp({ terms, quote: requote(terms), livemode });
  const newExpiresAt = instant(noon + YEAR_MS);
  return {
    topUp,
    receipt: {
      topUpId: topUp.id,
      trigger: topUp.trigger,
      bought: terms.quantity,
      quote: topUp.quote,
      paidAt: noon,
      newExpiresAt,
      debtRepaid: NO_CREDITS,
      lots: [
        { lotId: "lot_new" as LotId, credits: terms.quantity, oldExpiresAt: null, newExpiresAt },
        {
          lotId: "lot_old" as LotId,
          credits: credits(3),
          oldExpiresAt: instant(noon + YEAR_MS / 5),
          newExpiresAt,
        },
      ],
      ...receipt,
    },
    billing: aBuyer,
    seller: demoSeller,
    card: { brand: "visa", last4: "4242" },
    timeZone: "Europe/Vienna",
    issuedAt: noon,
    ...rest,
  };
}

export function anInvoice(
  about: InvoiceAbout & { readonly number?: string } = {},
): NumberedDocument {
  const facts = invoiceFacts(about);
  return {
    number: about.number ?? "2026-000042",
    issuedAt: facts.issuedAt,
    document: invoiceDocument(facts),
  };
}
