import { sql } from "drizzle-orm";
import { check, index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Who may act for an account. A person may act for several; which one a session acts for stands with
 * the session.
 *
 * guards: an account keeps an owner by `members_keep_an_owner` and `members_stay_who_they_are`;
 * `members_leave` clears what pointed at a membership that is over.
 */
export const members = sqliteTable(
  "members",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    userId: text("user_id").notNull(),
    role: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId] }),
    index("members_of_user").on(table.userId),
    check("members_role", sql`role in ('owner', 'billing', 'member')`),
  ],
);
