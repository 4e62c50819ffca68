/**
 * A document as it was given out: every word of it, so that one that is printed again in ten years
 * says what it said at first, whatever our prices, names and sentences are by then. The number is not
 * in it; the database gives it in the write that stores the document, because only there is it known
 * which one is next.
 */
import type { Currency, Minor } from "../pricing/money.ts";
import type { Tax } from "../pricing/tax.ts";
import type { Instant } from "../units.ts";

/** A cancellation takes a credit note back whose refund did not arrive after all. */
export const documentKinds = ["invoice", "credit_note", "cancellation"] as const;
export type DocumentKind = (typeof documentKinds)[number];

export interface IssuedDocument {
  readonly kind: DocumentKind;
  readonly title: string;
  readonly seller: Party;
  readonly buyer: Party;
  /** Dates, how it was paid, what it refers to. The number comes first when it is printed. */
  readonly particulars: readonly Labelled[];
  readonly headings: readonly string[];
  /** As many columns as headings; the first is words, the others are figures. */
  readonly rows: readonly (readonly string[])[];
  readonly sums: readonly Labelled[];
  readonly total: Labelled;
  readonly notes: readonly string[];
  /** What a purchase did to the dates of the credits (rule 26). */
  readonly lots: LotTable | null;
  /** The same figures as numbers, for crediting parts of it and for lists. */
  readonly amounts: Amounts;
  readonly tax: Tax;
  /** In which its dates are written. */
  readonly timeZone: string;
  readonly livemode: boolean;
}

export interface Party {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface Labelled {
  readonly label: string;
  readonly text: string;
}

export interface LotTable {
  readonly heading: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Net plus tax is the total. */
export interface Amounts {
  readonly currency: Currency;
  readonly netMinor: Minor;
  readonly taxMinor: Minor;
  readonly totalMinor: Minor;
}

/** A document with its number, ready to be printed. */
export interface NumberedDocument {
  /** Such as "2026-000042". */
  readonly number: string;
  readonly issuedAt: Instant;
  readonly document: IssuedDocument;
}

/** What its number is called on it. */
export const numberLabels: Readonly<Record<DocumentKind, string>> = {
  invoice: "Invoice number",
  credit_note: "Credit note number",
  cancellation: "Cancellation number",
};
