/**
 * The credit note of a refund, and its cancellation, for the batch that notes what became of the
 * refund. Both are about the documents of the purchase as they were read: if another one was written
 * since, the batch is refused as a conflict, and whoever writes reads again and decides again.
 */
import {
  credits,
  type Instant,
  type InvoiceId,
  invariant,
  type Minor,
  minor,
} from "@scanmeter/core";
import { cancellationDocument, creditNoteDocument, mailKeys } from "@scanmeter/core/documents";
import type { InvoiceRow, Statement } from "@scanmeter/db";
import { issueStatements } from "./issue.ts";

export interface CreditNoteRequest {
  readonly id: InvoiceId;
  /** All documents of the purchase as they were read; `listDocumentsOfTopUp`. */
  readonly documents: readonly InvoiceRow[];
  readonly refund: {
    readonly id: string;
    readonly amountMinor: number;
    /** Taken back for it; 0 when none were. */
    readonly credits: number;
  };
  /** Where receipts go now. */
  readonly to: string;
  readonly issuedAt: Instant;
}

/** For a refund that succeeded; nothing if it has its credit note. */
export function creditNoteStatements(request: CreditNoteRequest): Statement[] {
  const { id, documents, refund, to, issuedAt } = request;
  if (documentOf(documents, "credit_note", refund.id) !== null) return [];
  const invoice = invoiceOf(documents);
  const creditedBeforeMinor = creditedMinor(documents);
  const document = creditNoteDocument({
    invoice,
    amountMinor: minor(refund.amountMinor),
    creditedBeforeMinor,
    credits: credits(refund.credits),
    issuedAt,
  });
  return issueStatements(document, {
    id,
    topUp: { id: invoice.topUpId, accountId: invoice.accountId },
    refundId: refund.id,
    creditedBeforeMinor,
    issuedAt,
    mail: { key: mailKeys.creditNote(refund.id), to, template: "credit_note" },
  });
}

/** Takes the credit note of a refund back that failed after it had succeeded; nothing if there is none. */
export function cancellationStatements(
  request: Pick<CreditNoteRequest, "id" | "documents" | "to" | "issuedAt"> & {
    readonly refundId: string;
  },
): Statement[] {
  const { id, documents, refundId, to, issuedAt } = request;
  const creditNote = documentOf(documents, "credit_note", refundId);
  if (creditNote === null || documentOf(documents, "cancellation", refundId) !== null) return [];
  const invoice = invoiceOf(documents);
  return issueStatements(cancellationDocument({ invoice, creditNote, issuedAt }), {
    id,
    topUp: { id: invoice.topUpId, accountId: invoice.accountId },
    refundId,
    creditedBeforeMinor: creditedMinor(documents),
    issuedAt,
    mail: { key: mailKeys.cancellation(refundId), to, template: "credit_note" },
  });
}

/** What the credit notes of a purchase add up to, less those that were cancelled. */
export function creditedMinor(documents: readonly InvoiceRow[]): Minor {
  return minor(
    documents.reduce((sum, { kind, totalMinor }) => {
      if (kind === "invoice") return sum;
      return kind === "credit_note" ? sum + totalMinor : sum - totalMinor;
    }, 0),
  );
}

function documentOf(
  documents: readonly InvoiceRow[],
  kind: InvoiceRow["kind"],
  refundId: string | null,
): InvoiceRow | null {
  return documents.find((one) => one.kind === kind && one.refundId === refundId) ?? null;
}

function invoiceOf(documents: readonly InvoiceRow[]): InvoiceRow {
  const invoice = documentOf(documents, "invoice", null);
  invariant(invoice !== null, "what is credited was invoiced");
  return invoice;
}
