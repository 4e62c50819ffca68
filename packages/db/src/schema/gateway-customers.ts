import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** An account as the payment gateway knows it: one customer where money is real, one where it is not. */
export const gatewayCustomers = sqliteTable(
  "gateway_customers",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    livemode: integer().notNull(),
    customerId: text("customer_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.livemode] }),
    uniqueIndex("gateway_customers_id").on(table.customerId),
  ],
);
