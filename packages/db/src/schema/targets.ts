import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** What an account scans. Archived rather than deleted, because scans point at it. */
export const targets = sqliteTable(
  "targets",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    url: text().notNull(),
    name: text().notNull(),
    mode: text().notNull(),
    createdAt: integer("created_at").notNull(),
    archivedAt: integer("archived_at"),
  },
  (table) => [
    uniqueIndex("targets_url").on(table.accountId, table.url),
    check("targets_mode", sql`mode in ('credits', 'unlimited')`),
  ],
);
