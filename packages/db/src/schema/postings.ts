import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Every change of an account. The primary key is the compare-and-set: two writers that read the
 * same version cannot both append the next one. No updated_at, because a posting is never updated;
 * a correction is another posting whose `reverses` names the version it undoes.
 */
export const postings = sqliteTable(
  "postings",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    version: integer().notNull(),
    kind: text().notNull(),
    /** Chosen by whoever first had the intention; a second posting with it cannot exist. */
    key: text().notNull(),
    fingerprint: text(),
    bookedAt: integer("booked_at").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    scanId: text("scan_id"),
    hour: integer(),
    reverses: integer(),
    reason: text(),
    balanceAfter: integer("balance_after").notNull(),
    debtAfter: integer("debt_after").notNull(),
    /** SHA-256 over the posting, its entries and the hash before it. */
    hash: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.version] }),
    uniqueIndex("postings_key").on(table.accountId, table.key),
    // A scan hour is debited at most once, whatever is retried, redelivered or run twice.
    uniqueIndex("postings_scan_hour").on(table.scanId, table.hour).where(sql`kind = 'debit'`),
    check("postings_version", sql`version >= 1`),
    check("postings_hour", sql`(hour is not null) = (kind in ('debit', 'return'))`),
    check("postings_hour_range", sql`hour between 1 and 5`),
    check("postings_balance", sql`balance_after >= 0 and debt_after >= 0`),
  ],
);
