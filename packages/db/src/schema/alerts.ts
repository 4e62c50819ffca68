import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What a person has to look at. The same trouble twice is one alert that counts. */
export const alerts = sqliteTable(
  "alerts",
  {
    /** What it is about, such as `needs-review-<top-up>`. */
    key: text().primaryKey(),
    kind: text().notNull(),
    accountId: text("account_id"),
    text: text().notNull(),
    raisedAt: integer("raised_at").notNull(),
    lastAt: integer("last_at").notNull(),
    times: integer().notNull(),
    resolvedAt: integer("resolved_at"),
  },
  (table) => [index("alerts_open").on(table.raisedAt).where(sql`resolved_at is null`)],
);
