/** Stores a document and the mail that brings it, as statements of the batch they belong to. */
import type { Instant, InvoiceId, Minor } from "@scanmeter/core";
import { type IssuedDocument, yearIn } from "@scanmeter/core/documents";
import type { TopUp } from "@scanmeter/core/purchase";
import { insertInvoice, mailStatement, type Statement } from "@scanmeter/db";

export interface Issue {
  readonly id: InvoiceId;
  readonly topUp: Pick<TopUp, "id" | "accountId">;
  readonly refundId: string | null;
  readonly creditedBeforeMinor: Minor | null;
  readonly issuedAt: Instant;
  readonly mail: {
    readonly key: string;
    readonly to: string;
    readonly template: "receipt" | "credit_note";
  };
}

export function issueStatements(document: IssuedDocument, issue: Issue): Statement[] {
  const { id, topUp, refundId, creditedBeforeMinor, issuedAt, mail } = issue;
  const { accountId } = topUp;
  return [
    insertInvoice({
      id,
      accountId,
      topUpId: topUp.id,
      refundId,
      year: yearIn(issuedAt, document.timeZone),
      issuedAt,
      creditedBeforeMinor,
      document,
    }),
    mailStatement({ ...mail, accountId, data: { invoiceId: id }, sendAt: issuedAt }),
  ];
}
