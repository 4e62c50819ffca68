import { findInvoice, type InvoiceSummary, listInvoices as readInvoices } from "@scanmeter/db";
import type { Deps } from "../deps.ts";
import { renderPdf } from "./pdf/render.ts";

/** What an account gets in years, and little to send. */
const LISTED_MAX = 1_000;

/** An account's documents, the newest first. */
export function listInvoices(
  { db }: Pick<Deps, "db">,
  accountId: string,
): Promise<InvoiceSummary[]> {
  return readInvoices(db, accountId, LISTED_MAX);
}

export interface InvoiceFile {
  readonly fileName: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** A document of the account to print; null for one that is not there and for another account's. */
export async function findInvoicePdf(
  { db }: Pick<Deps, "db">,
  { accountId, invoiceId }: { readonly accountId: string; readonly invoiceId: string },
): Promise<InvoiceFile | null> {
  const invoice = await findInvoice(db, invoiceId, accountId);
  if (invoice === null) return null;
  return { fileName: fileNameOf(invoice.number), bytes: await renderPdf(invoice) };
}

/** Says nothing of the customer, so it needs no care wherever it is written. */
export function fileNameOf(number: string): string {
  return `scanmeter-${number}.pdf`;
}
