import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Who owns credits. `version` is the number of its newest posting; with the primary key of postings
 * it is the compare-and-set that every write goes through. `balance` and `debt` are kept beside it
 * because a balance that is summed up from entries grows slower with every entry.
 */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text().primaryKey(),
    name: text().notNull(),
    timeZone: text("time_zone").notNull(),
    currency: text().notNull(),
    version: integer().notNull(),
    balance: integer().notNull(),
    debt: integer().notNull(),
    whenOutOfCredits: text("when_out_of_credits").notNull(),
    /** The hash of the newest posting; the next one is chained to it. */
    chainHash: text("chain_hash").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  () => [
    check("accounts_balance", sql`balance >= 0 and debt >= 0 and version >= 0`),
    check("accounts_when_out_of_credits", sql`when_out_of_credits in ('pause', 'finish')`),
  ],
);
