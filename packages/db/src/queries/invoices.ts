import type { InStatement } from "@libsql/client";
import type { AccountId, Currency, Instant, InvoiceId, Minor, TopUpId } from "@scanmeter/core";
import type { DocumentKind, IssuedDocument } from "@scanmeter/core/documents";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/** An invoice, a credit note or a cancellation, without what it says. */
export interface InvoiceSummary {
  readonly id: InvoiceId;
  readonly accountId: AccountId;
  readonly kind: DocumentKind;
  readonly topUpId: TopUpId;
  readonly refundId: string | null;
  /** As printed, such as "2026-000042". */
  readonly number: string;
  readonly issuedAt: Instant;
  readonly currency: Currency;
  readonly totalMinor: Minor;
}

export interface InvoiceRow extends InvoiceSummary {
  readonly document: IssuedDocument;
}

export interface NewInvoice
  extends Omit<InvoiceRow, "number" | "kind" | "currency" | "totalMinor"> {
  /** Of the date of issue as it is printed. */
  readonly year: number;
  /** What the credit notes before it add up to; null for an invoice. */
  readonly creditedBeforeMinor: Minor | null;
}

const columns = `id, account_id AS accountId, kind, top_up_id AS topUpId, refund_id AS refundId,
  number, issued_at AS issuedAt, currency, total_minor AS totalMinor`;

/**
 * Stores a document under the next number of its year. The number is found by the statement itself,
 * inside the write, so a write that is refused leaves no gap and two at once never meet.
 */
export function insertInvoice(invoice: NewInvoice): InStatement {
  const { document } = invoice;
  return {
    sql: `INSERT INTO invoices (id, account_id, kind, top_up_id, refund_id, year, position, number,
        issued_at, currency, total_minor, credited_before_minor, document)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, next, printf('%04d-%06d', ?6, next), ?7, ?8, ?9, ?10, ?11
      FROM (SELECT coalesce(max(position), 0) + 1 AS next FROM invoices WHERE year = ?6)`,
    args: [
      invoice.id,
      invoice.accountId,
      document.kind,
      invoice.topUpId,
      invoice.refundId,
      invoice.year,
      invoice.issuedAt,
      document.amounts.currency,
      document.amounts.totalMinor,
      invoice.creditedBeforeMinor,
      JSON.stringify(document),
    ],
  };
}

export async function findInvoice(
  db: Database,
  invoiceId: string,
  accountId: string | null = null,
): Promise<InvoiceRow | null> {
  const found = await db.read({
    sql: `SELECT ${columns}, document FROM invoices WHERE id = ?1 AND (?2 IS NULL OR account_id = ?2)`,
    args: [invoiceId, accountId],
  });
  return recordsOf<StoredInvoice>(found).map(invoiceOf)[0] ?? null;
}

/** Newest first. */
export async function listInvoices(
  db: Database,
  accountId: string,
  limit: number,
): Promise<InvoiceSummary[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM invoices WHERE account_id = ?
      ORDER BY year DESC, position DESC LIMIT ?`,
    args: [accountId, limit],
  });
  return recordsOf<InvoiceSummary>(found);
}

/** The documents of purchases, the oldest first. */
export async function listInvoicesOfTopUps(
  db: Database,
  topUpIds: readonly string[],
): Promise<InvoiceSummary[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM invoices WHERE top_up_id IN (SELECT value FROM json_each(?))
      ORDER BY year, position`,
    args: [JSON.stringify(topUpIds)],
  });
  return recordsOf<InvoiceSummary>(found);
}

/** All documents of one purchase with what they say, the invoice first: what crediting it needs. */
export async function listDocumentsOfTopUp(db: Database, topUpId: string): Promise<InvoiceRow[]> {
  const found = await db.read({
    sql: `SELECT ${columns}, document FROM invoices WHERE top_up_id = ? ORDER BY year, position`,
    args: [topUpId],
  });
  return recordsOf<StoredInvoice>(found).map(invoiceOf);
}

type StoredInvoice = InvoiceSummary & { readonly document: string };

function invoiceOf(row: StoredInvoice): InvoiceRow {
  return { ...row, document: JSON.parse(row.document) as IssuedDocument };
}

/** As the facts of a write carry them: everything by position, the document last. */
export const documentColumns = `id, account_id, kind, top_up_id, refund_id, number, issued_at, currency,
  total_minor, document`;

export function documentFromRow(row: ArrayLike<unknown>): InvoiceRow {
  const [id, accountId, kind, topUpId, refundId, number, issuedAt, currency, totalMinor, document] =
    Array.from(row);
  return {
    id,
    accountId,
    kind,
    topUpId,
    refundId,
    number,
    issuedAt,
    currency,
    totalMinor,
    document: JSON.parse(document as string),
  } as InvoiceRow;
}

/** The purchase a document is about, by the number printed on it. */
export async function findTopUpOfDocument(db: Database, number: string): Promise<string | null> {
  const [year = 0, position = 0] = number.split("-").map(Number);
  const { rows } = await db.read({
    sql: "SELECT top_up_id FROM invoices WHERE year = ? AND position = ?",
    args: [year || 0, position || 0],
  });
  return (rows[0]?.[0] as string | undefined) ?? null;
}
