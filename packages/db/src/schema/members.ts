import { sql } from "drizzle-orm";
import { check, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Who may act for an account. A user owns at most one account, so opening one twice is impossible. */
export const members = sqliteTable(
  "members",
  {
    userId: text("user_id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    role: text().notNull(),
  },
  (table) => [
    uniqueIndex("members_of_account").on(table.accountId, table.userId),
    check("members_role", sql`role in ('owner', 'billing', 'member')`),
  ],
);
