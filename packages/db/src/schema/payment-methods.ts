import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Saved cards, as far as a customer must recognise them. The number itself never comes here. */
export const paymentMethods = sqliteTable(
  "payment_methods",
  {
    /** The gateway's. */
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    customerId: text("customer_id").notNull(),
    brand: text().notNull(),
    last4: text().notNull(),
    expMonth: integer("exp_month").notNull(),
    expYear: integer("exp_year").notNull(),
    fingerprint: text(),
    isDefault: integer("is_default").notNull(),
    createdAt: integer("created_at").notNull(),
    /** Not usable from then on; whether the gateway has let go of it, `detached_at` says. */
    removedAt: integer("removed_at"),
    detachedAt: integer("detached_at"),
    /** Since when it is the one to charge. */
    defaultSince: integer("default_since"),
  },
  (table) => [
    index("payment_methods_of_account").on(table.accountId),
    uniqueIndex("payment_methods_default").on(table.accountId).where(sql`is_default = 1`),
    // Removed here and still attached there, for the sweep.
    index("payment_methods_to_detach")
      .on(table.removedAt)
      .where(sql`removed_at is not null and detached_at is null`),
    check("payment_methods_default", sql`is_default = 0 or removed_at is null`),
  ],
);
