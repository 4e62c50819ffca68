/**
 * The credit note of a refund, and its cancellation should the refund fail after all. A part of an
 * invoice is split into net and tax in the invoice's own proportion: what all parts together carry is
 * rounded, not each part, so the parts of a whole invoice add up to it, whatever they were.
 */
import { invariant } from "../invariant.ts";
import { type Minor, minor, shareHalfUp } from "../pricing/money.ts";
import type { Credits, Instant } from "../units.ts";
import { notesOfEach, sumsOf } from "./invoice.ts";
import type { Amounts, IssuedDocument, Labelled, NumberedDocument } from "./issued-document.ts";
import { creditsWords, dateWords, moneyWords } from "./words.ts";

export interface CreditNoteFacts {
  readonly invoice: NumberedDocument;
  readonly amountMinor: Minor;
  /** What the credit notes before this one add up to. */
  readonly creditedBeforeMinor: Minor;
  /** Taken back for it; 0 when none were. */
  readonly credits: Credits;
  readonly issuedAt: Instant;
}

export function creditNoteDocument(facts: CreditNoteFacts): IssuedDocument {
  const { invoice, amountMinor, credits } = facts;
  const { seller, buyer, tax, timeZone, livemode } = invoice.document;
  const amounts = partOf(invoice.document.amounts, facts);
  const isWhole = amountMinor === invoice.document.amounts.totalMinor;
  return {
    kind: "credit_note",
    title: "Credit note",
    seller,
    buyer,
    particulars: [
      { label: "Date of issue", text: dateWords(facts.issuedAt, timeZone) },
      ...referenceTo(invoice),
    ],
    headings: ["Description", "Net amount"],
    rows: [
      [
        `${isWhole ? "Refund" : "Partial refund"} of invoice ${invoice.number}`,
        moneyWords(amounts.netMinor, amounts.currency),
      ],
    ],
    ...sumsOf(amounts, tax, "Total credited"),
    notes: [
      "The amount goes back to the card that paid.",
      ...(credits === 0 ? [] : [`Taken back: ${creditsWords(credits)}.`]),
      ...notesOfEach(invoice.document),
    ],
    lots: null,
    amounts,
    tax,
    timeZone,
    livemode,
  };
}

export interface CancellationFacts {
  readonly invoice: NumberedDocument;
  readonly creditNote: NumberedDocument;
  readonly issuedAt: Instant;
}

export function cancellationDocument(facts: CancellationFacts): IssuedDocument {
  const { invoice, creditNote, issuedAt } = facts;
  const { amounts, tax, timeZone } = creditNote.document;
  return {
    ...creditNote.document,
    kind: "cancellation",
    title: "Cancellation of a credit note",
    particulars: [
      { label: "Date of issue", text: dateWords(issuedAt, timeZone) },
      { label: "Credit note", text: creditNote.number },
      ...referenceTo(invoice),
    ],
    rows: [
      [
        `Credit note ${creditNote.number} is cancelled as a whole`,
        moneyWords(amounts.netMinor, amounts.currency),
      ],
    ],
    ...sumsOf(amounts, tax, "Total no longer credited"),
    notes: [
      "The refund did not reach the card that paid, so the credit note no longer holds.",
      ...notesOfEach(creditNote.document),
    ],
  };
}

function referenceTo({ number, issuedAt, document }: NumberedDocument): Labelled[] {
  return [
    { label: "Invoice", text: number },
    { label: "Date of the invoice", text: dateWords(issuedAt, document.timeZone) },
  ];
}

/** The part of an invoice that comes next after what was credited before; its last part takes what is left. */
export function partOf(
  { currency, taxMinor, totalMinor }: Amounts,
  part: { readonly amountMinor: Minor; readonly creditedBeforeMinor: Minor },
): Amounts {
  const { amountMinor, creditedBeforeMinor } = part;
  const creditedAfter = creditedBeforeMinor + amountMinor;
  invariant(
    amountMinor > 0 && creditedAfter <= totalMinor,
    "credit notes are of something and never exceed their invoice",
  );
  const taxUpTo = (credited: number) =>
    shareHalfUp(credited, { part: taxMinor, whole: totalMinor });
  const tax = minor(taxUpTo(creditedAfter) - taxUpTo(creditedBeforeMinor));
  return { currency, netMinor: minor(amountMinor - tax), taxMinor: tax, totalMinor: amountMinor };
}
