import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";
import { topUps } from "./top-ups.ts";

/**
 * Invoices, credit notes, and cancellations of credit notes whose refund did not arrive after all.
 * `document` holds everything it says, names and prices of the day included, so that a download in
 * ten years prints what was printed first. There is no state: what was given out stays given out.
 *
 * guards: `invoices_in_order`, `invoices_never_change` and `invoices_never_go` in the migration. The
 * batch of a settlement makes the top-up paid before it inserts the invoice.
 */
export const invoices = sqliteTable(
  "invoices",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text().notNull(),
    topUpId: text("top_up_id")
      .notNull()
      .references(() => topUps.id),
    refundId: text("refund_id"),
    /** Of the date of issue, as it is printed. Numbers begin anew with each year. */
    year: integer().notNull(),
    position: integer().notNull(),
    /** As printed, such as "2026-000042". */
    number: text().notNull(),
    issuedAt: integer("issued_at").notNull(),
    currency: text().notNull(),
    /** The amount of this document, tax included; never negative, the kind says in whose favour. */
    totalMinor: integer("total_minor").notNull(),
    /** What earlier credit notes of the purchase add up to; the compare-and-set of crediting it in parts. */
    creditedBeforeMinor: integer("credited_before_minor"),
    document: text().notNull(),
  },
  (table) => [
    uniqueIndex("invoices_number").on(table.year, table.position),
    // A payment that is settled twice, by whomever, has one invoice; a refund one credit note.
    uniqueIndex("invoices_top_up").on(table.topUpId).where(sql`kind = 'invoice'`),
    uniqueIndex("invoices_refund").on(table.refundId, table.kind).where(sql`kind <> 'invoice'`),
    index("invoices_of_account").on(table.accountId, table.year, table.position),
    // The credit notes of a purchase, for the sum that may still be credited.
    index("invoices_of_top_up").on(table.topUpId),
    check("invoices_kind", sql`kind in ('invoice', 'credit_note', 'cancellation')`),
    check("invoices_refund", sql`(refund_id is null) = (kind = 'invoice')`),
    check("invoices_credited", sql`(credited_before_minor is null) = (kind = 'invoice')`),
    check("invoices_printed_number", sql`number = printf('%04d-%06d', year, position)`),
    check("invoices_figures", sql`position >= 1 and total_minor > 0`),
    check("invoices_credited_before", sql`credited_before_minor >= 0`),
    check("invoices_document", sql`json_valid(document)`),
  ],
);
