import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { postings } from "./postings.ts";

/** The expiry dates a posting moved. With them the date a lot had at any past instant can be told. */
export const extensions = sqliteTable(
  "extensions",
  {
    postingId: integer("posting_id")
      .notNull()
      .references(() => postings.id),
    lotId: text("lot_id").notNull(),
    oldExpiresAt: integer("old_expires_at").notNull(),
    newExpiresAt: integer("new_expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.postingId, table.lotId] }),
    index("extensions_of_lot").on(table.lotId),
    check("extensions_later", sql`new_expires_at > old_expires_at`),
  ],
);
