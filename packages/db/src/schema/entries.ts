import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { postings } from "./postings.ts";

/** The amounts a posting moves, each positive, from one ledger account to another. Never changed. */
export const entries = sqliteTable(
  "entries",
  {
    postingId: integer("posting_id")
      .notNull()
      .references(() => postings.id),
    position: integer().notNull(),
    fromAccount: text("from_account").notNull(),
    toAccount: text("to_account").notNull(),
    amount: integer().notNull(),
    /** Null on the customer's side means debt. */
    lotId: text("lot_id"),
  },
  (table) => [
    primaryKey({ columns: [table.postingId, table.position] }),
    check("entries_amount", sql`amount > 0`),
    check("entries_customer", sql`from_account = 'customer' or to_account = 'customer'`),
    // Debt is an hour nobody could pay, or credits that were refunded after they had been spent.
    check(
      "entries_lot",
      sql`lot_id is not null or from_account in ('usage', 'refunds') or to_account in ('usage', 'refunds')`,
    ),
  ],
);
