import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Credits granted together. Rows change only in the batch that books the posting which says so.
 * Spent lots stay for the history, so what is asked all the time, "the open lots of this account"
 * and "what has expired", goes through partial indexes on the `is_open` flag: unlike an index on
 * `remaining > 0` they are not rewritten by every debit.
 *
 * A lot is open while it holds anything, frozen credits included: every decision then finds them with
 * the others, and a purchase moves their date without a second look. What asks for credits that can
 * be spent or written off says `remaining > 0` as well; the few lots that only hold frozen ones stay
 * in these indexes until their disputes end.
 */
export const lots = sqliteTable(
  "lots",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text().notNull(),
    source: text().notNull(),
    granted: integer().notNull(),
    remaining: integer().notNull(),
    isOpen: integer("is_open").notNull(),
    effectiveAt: integer("effective_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /** Credits of this lot that are kept aside; `remaining` does not count them. */
    frozen: integer().notNull().default(0),
    /** Those of the frozen ones that were to be renewed and could not be; disputes hold the others. */
    kept: integer().notNull().default(0),
  },
  (table) => [
    index("lots_open").on(table.accountId).where(sql`is_open = 1`),
    // Spent lots are asked for only when a credit goes back to one.
    index("lots_spent").on(table.accountId).where(sql`is_open = 0`),
    index("lots_due").on(table.expiresAt).where(sql`remaining > 0`),
    index("lots_kept_until").on(table.expiresAt).where(sql`kept > 0`),
    check("lots_remaining", sql`remaining >= 0 and frozen >= 0 and remaining + frozen <= granted`),
    check("lots_kept", sql`kept between 0 and frozen`),
    check("lots_is_open", sql`is_open = (remaining + frozen > 0)`),
    check("lots_kind", sql`kind in ('paid', 'free')`),
    check("lots_life", sql`effective_at < expires_at`),
  ],
);
