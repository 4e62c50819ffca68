import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Every change of an account. No updated_at, because a posting is never updated; a correction is
 * another posting whose `reverses` names the version it undoes.
 *
 * `id` and `key` grow with time, so the postings of a shared commit land on the same few pages
 * whatever accounts they belong to; only the history index is spread over the accounts.
 */
export const postings = sqliteTable(
  "postings",
  {
    id: integer().primaryKey(),
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
    /** The purchase this posting belongs to: what it granted and moved, took back, froze and released. */
    topUpId: text("top_up_id"),
    /** The user who asked for it. What a runner, the clock or an operator did has none. */
    askedBy: text("asked_by"),
  },
  (table) => [
    // The compare-and-set: two writers that read the same version cannot both append the next one.
    uniqueIndex("postings_version").on(table.accountId, table.version),
    uniqueIndex("postings_key").on(table.key),
    // With the unique key this makes (scan, hour) unique: an hour is debited at most once, whatever
    // is retried, redelivered or run twice. IS and not =, because a check lets NULL pass.
    check("postings_scan_hour", sql`kind <> 'debit' or key is 'hour-' || scan_id || '-' || hour`),
    check("postings_hour", sql`(hour is not null) = (kind in ('debit', 'return'))`),
    check("postings_hour_range", sql`hour between 1 and 5`),
    check("postings_figures", sql`version >= 1 and balance_after >= 0 and debt_after >= 0`),
  ],
);
