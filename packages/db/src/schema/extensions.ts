import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The expiry dates a posting moved. With them the date a lot had at any past instant can be told. */
export const extensions = sqliteTable(
  "extensions",
  {
    accountId: text("account_id").notNull(),
    version: integer().notNull(),
    lotId: text("lot_id").notNull(),
    oldExpiresAt: integer("old_expires_at").notNull(),
    newExpiresAt: integer("new_expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.version, table.lotId] }),
    check("extensions_later", sql`new_expires_at > old_expires_at`),
  ],
);
