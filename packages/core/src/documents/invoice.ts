/**
 * The invoice of a purchase, which is also its receipt: who sold what to whom, at which price and
 * tax, how it was paid, and what it did to the dates of the credits (rules 18, 20 and 26).
 */
import { minor } from "../pricing/money.ts";
import type { Quote } from "../pricing/quote.ts";
import { type Tax, taxNote } from "../pricing/tax.ts";
import type { BillingDetails } from "../purchase/billing.ts";
import type { Receipt } from "../purchase/settle.ts";
import type { TopUp, TopUpTrigger } from "../purchase/top-up.ts";
import type { Instant } from "../units.ts";
import type { Amounts, IssuedDocument, Labelled, LotTable } from "./issued-document.ts";
import { buyerParty, sellerParty } from "./party.ts";
import type { SellerDetails } from "./seller.ts";
import {
  cardWords,
  creditsWords,
  dateWords,
  instantWords,
  minuteWords,
  moneyWords,
  percentWords,
  reductionWords,
  wholeWords,
  zoneWords,
} from "./words.ts";

export interface InvoiceFacts {
  readonly topUp: Pick<TopUp, "id" | "terms" | "livemode">;
  readonly receipt: Receipt;
  readonly billing: BillingDetails;
  readonly seller: SellerDetails;
  /** The card that paid, as far as it is known. */
  readonly card: { readonly brand: string; readonly last4: string } | null;
  /** The account's; every date is written in it. */
  readonly timeZone: string;
  readonly issuedAt: Instant;
}

export function invoiceDocument(facts: InvoiceFacts): IssuedDocument {
  const { topUp, receipt, timeZone } = facts;
  const { quote } = receipt;
  const { tax } = topUp.terms;
  const amounts = amountsOf(quote);
  return {
    kind: "invoice",
    title: "Invoice",
    seller: sellerParty(facts.seller),
    buyer: buyerParty(facts.billing),
    particulars: [
      { label: "Date of issue", text: dateWords(facts.issuedAt, timeZone) },
      { label: "Paid and supplied", text: instantWords(receipt.paidAt, timeZone) },
      { label: "Paid by", text: facts.card === null ? "Card" : cardWords(facts.card) },
      { label: "Ordered", text: triggerWords[receipt.trigger] },
      { label: "Purchase", text: topUp.id },
    ],
    headings: ["Description", "Quantity", "Unit price", "Discount", "Net amount"],
    rows: [
      [
        `Scan credits, usable until ${instantWords(receipt.newExpiresAt, timeZone)}`,
        wholeWords(quote.quantity),
        moneyWords(quote.unitPriceMinor, quote.currency),
        discountWords(quote),
        moneyWords(amounts.netMinor, quote.currency),
      ],
    ],
    ...sumsOf(amounts, tax, "Total paid"),
    notes: [
      ...capNote(quote),
      ...debtNote(receipt),
      ...notesOfEach({ tax, livemode: topUp.livemode }),
    ],
    lots: lotTable(receipt, timeZone),
    amounts,
    tax,
    timeZone,
    livemode: topUp.livemode,
  };
}

/** What every document of a sale says: why there is no tax, and that a test is no sale. */
export function notesOfEach({ tax, livemode }: Pick<IssuedDocument, "tax" | "livemode">): string[] {
  const note = taxNote(tax);
  return [
    ...(note === null ? [] : [note]),
    ...(livemode ? [] : ["Made in test mode. No money was moved."]),
  ];
}

/** Net, tax and total as a document lists them. */
export function sumsOf(
  { netMinor, taxMinor, totalMinor, currency }: Amounts,
  tax: Tax,
  totalLabel: string,
): { readonly sums: readonly Labelled[]; readonly total: Labelled } {
  return {
    sums: [
      { label: "Net amount", text: moneyWords(netMinor, currency) },
      { label: taxLabel(tax), text: moneyWords(taxMinor, currency) },
    ],
    total: { label: totalLabel, text: moneyWords(totalMinor, currency) },
  };
}

const triggerWords: Readonly<Record<TopUpTrigger, string>> = {
  manual: "In the dashboard",
  out_of_credits: "Automatically, out of credits",
  before_expiry: "Automatically, before credits expired",
};

function amountsOf({
  currency,
  subtotalMinor,
  discountMinor,
  taxMinor,
  totalMinor,
}: Quote): Amounts {
  return { currency, netMinor: minor(subtotalMinor - discountMinor), taxMinor, totalMinor };
}

function taxLabel({ treatment, basisPoints }: Tax): string {
  switch (treatment) {
    case "domestic":
    case "eu_consumer":
      return `VAT ${percentWords(basisPoints)}`;
    case "reverse_charge":
      return `VAT ${percentWords(basisPoints)}, reverse charge`;
    case "outside_eu":
      return "VAT, not applicable";
  }
}

function discountWords({
  discountMinor,
  discountPercent,
  cappedByQuantity,
  currency,
}: Quote): string {
  const off = reductionWords(discountMinor, currency);
  // A cap takes more off than the tier's percentage, so the percentage would not add up.
  return cappedByQuantity !== undefined || discountPercent === 0
    ? off
    : `${off} (${percentWords(discountPercent * 100)})`;
}

function capNote({ cappedByQuantity }: Quote): string[] {
  if (cappedByQuantity === undefined) return [];
  return [`The price is no more than that of ${creditsWords(cappedByQuantity)}.`];
}

function debtNote({ debtRepaid }: Receipt): string[] {
  if (debtRepaid === 0) return [];
  return [`Of what was bought, ${creditsWords(debtRepaid)} repaid scan hours that were owed.`];
}

function lotTable({ lots }: Receipt, timeZone: string): LotTable {
  const zone = zoneWords(timeZone);
  return {
    heading: "What this purchase did",
    headings: ["Credits", "Lot", `Expiry before (${zone})`, `Expiry now (${zone})`],
    rows: lots.map(({ lotId, credits, oldExpiresAt, newExpiresAt }) => [
      wholeWords(credits),
      lotId,
      oldExpiresAt === null ? "Bought now" : minuteWords(oldExpiresAt, timeZone),
      minuteWords(newExpiresAt, timeZone),
    ]),
  };
}
