import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** A bank that takes a payment back, for now or for good, as the gateway last told it. */
export const disputes = sqliteTable(
  "disputes",
  {
    /** The gateway's. */
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    topUpId: text("top_up_id").notNull(),
    paymentIntentId: text("payment_intent_id").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    currency: text().notNull(),
    status: text().notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("disputes_of_top_up").on(table.topUpId),
    check("disputes_amount", sql`amount_minor >= 0`),
  ],
);
