import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * What customers agreed to when they switched automatic top-ups on or asked for more of them: the very
 * sentence and price they were shown, who they were, when and where. Kept for as long as the account.
 *
 * guards: `consents_never_change` and `consents_never_go` in the migration.
 */
export const consents = sqliteTable(
  "consents",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    userId: text("user_id").notNull(),
    givenAt: integer("given_at").notNull(),
    surface: text().notNull(),
    ip: text(),
    sentence: text().notNull(),
    textVersion: text("text_version").notNull(),
    netMinor: integer("net_minor").notNull(),
    totalMinor: integer("total_minor").notNull(),
    currency: text().notNull(),
    quantity: integer().notNull(),
    outOfCredits: integer("out_of_credits").notNull(),
    beforeExpiry: integer("before_expiry").notNull(),
    threshold: integer().notNull(),
    monthlyLimitMinor: integer("monthly_limit_minor"),
  },
  (table) => [
    index("consents_of_account").on(table.accountId, table.givenAt),
    check("consents_surface", sql`surface in ('checkout', 'overview')`),
    check("consents_figures", sql`quantity >= 1 and threshold >= 0 and total_minor >= net_minor`),
  ],
);
