import type { Instant, InvoiceId } from "@scanmeter/core";
import {
  type InvoiceFacts,
  invoiceDocument,
  mailKeys,
  type SellerDetails,
} from "@scanmeter/core/documents";
import type { BillingDetails, Receipt, TopUp } from "@scanmeter/core/purchase";
import type { Statement } from "@scanmeter/db";
import { issueStatements } from "./issue.ts";

export interface InvoiceRequest {
  readonly id: InvoiceId;
  readonly topUp: TopUp;
  readonly receipt: Receipt;
  readonly billing: BillingDetails;
  readonly card: InvoiceFacts["card"];
  readonly account: { readonly id: string; readonly timeZone: string };
  readonly seller: SellerDetails;
  readonly issuedAt: Instant;
}

/**
 * The invoice of a purchase that is paid, and its receipt by mail, for the batch that settles it: no
 * purchase is paid without its invoice, and no invoice is there without a payment. They come behind
 * the statement that makes the top-up paid; a second invoice of the same purchase is a conflict.
 */
export function invoiceStatements(request: InvoiceRequest): Statement[] {
  const { id, topUp, account, billing, issuedAt } = request;
  const document = invoiceDocument({ ...request, timeZone: account.timeZone });
  return issueStatements(document, {
    id,
    topUp,
    refundId: null,
    creditedBeforeMinor: null,
    issuedAt,
    mail: { key: mailKeys.receipt(topUp.id), to: billing.email, template: "receipt" },
  });
}
