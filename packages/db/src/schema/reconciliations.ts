import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far the comparisons with the payment gateway have come, and when each is due again. */
export const reconciliations = sqliteTable("reconciliations", {
  name: text().primaryKey(),
  /** Everything up to here has been compared. */
  comparedUntil: integer("compared_until").notNull(),
  nextAt: integer("next_at").notNull(),
});
