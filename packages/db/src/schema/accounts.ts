import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * Who owns credits. `version` is the number of its newest posting; with the primary key of postings
 * it is the compare-and-set that every write goes through. `balance` and `debt` are kept beside it
 * because a balance that is summed up from entries grows slower with every entry.
 *
 * guards: what automatic top-ups ask of the books, `top_up_at` and `keeps_expired`, follows their
 * settings by the triggers `auto_top_ups_begin` and `auto_top_ups_change`. `accounts_team_moves` makes
 * the team's revision a compare-and-set, `members_leave` forgets who opened it when they leave.
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
    /** Rises with every grant: running out of credits is one episode until then. */
    creditEpoch: integer("credit_epoch").notNull().default(0),
    /** The balance at which the customer is told that it is low. */
    lowBalance: integer("low_balance").notNull().default(5),
    /** The balance at which credits are bought automatically; null when that is not asked for. */
    topUpAt: integer("top_up_at"),
    /** Whether expired paid credits are kept for a while, because their renewal was asked for. */
    keepsExpired: integer("keeps_expired").notNull().default(0),
    /** When somebody has to look whether to buy or to tell anything; null when only a change can ask for it. */
    nextLookAt: integer("next_look_at"),
    /** Rises whenever a look is asked for, so that one that began before does not take it for done. */
    looksAsked: integer("looks_asked").notNull().default(0),
    /** The user whose first sign-in opened it, as long as they act for it. Nobody opens two. */
    openedBy: text("opened_by"),
    /** Rises with every change of its members and invitations. */
    teamRevision: integer("team_revision").notNull().default(0),
  },
  (table) => [
    uniqueIndex("accounts_opened_by").on(table.openedBy).where(sql`opened_by is not null`),
    index("accounts_to_look_at").on(table.nextLookAt).where(sql`next_look_at is not null`),
    check("accounts_balance", sql`balance >= 0 and debt >= 0 and version >= 0`),
    check("accounts_when_out_of_credits", sql`when_out_of_credits in ('pause', 'finish')`),
  ],
);
