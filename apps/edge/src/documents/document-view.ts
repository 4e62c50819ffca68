import type { DocumentView } from "@scanmeter/contracts/checkout";
import { isoOf } from "@scanmeter/core";
import type { InvoiceSummary } from "@scanmeter/db";
import { invoicePathOf } from "./invoice-download.ts";

export function documentViewOf(invoice: InvoiceSummary): DocumentView {
  const { id, number, kind, issuedAt, totalMinor, currency, topUpId } = invoice;
  const url = invoicePathOf(id);
  return { id, number, kind, issuedAt: isoOf(issuedAt), totalMinor, currency, topUpId, url };
}
