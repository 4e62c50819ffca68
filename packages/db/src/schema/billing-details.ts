import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Whom an account's purchases are billed to now. Each purchase and document keeps its own copy. */
export const billingDetails = sqliteTable("billing_details", {
  accountId: text("account_id")
    .primaryKey()
    .references(() => accounts.id),
  /** JSON: name, company, email, address, tax id. Read and written whole, searched never. */
  details: text().notNull(),
  /** Apart, because the tax of every quote needs them. */
  country: text().notNull(),
  taxId: text("tax_id"),
  updatedAt: integer("updated_at").notNull(),
});
