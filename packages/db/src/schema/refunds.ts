import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Money that goes back, ours and what was refunded elsewhere. One that is started here has its row,
 * with the credits it costs, before the gateway hears of it; `key` and `params` are what is sent, the
 * same each time. One that was only seen at the gateway has none of these.
 */
export const refunds = sqliteTable(
  "refunds",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    topUpId: text("top_up_id").notNull(),
    paymentIntentId: text("payment_intent_id").notNull(),
    gatewayRefundId: text("gateway_refund_id"),
    amountMinor: integer("amount_minor").notNull(),
    currency: text().notNull(),
    /** Taken when it was started; null when it was not started here. */
    credits: integer(),
    /** The gateway's word; before it has spoken `starting`, and `refused` when it said no. */
    status: text().notNull(),
    reason: text(),
    /** Who refunds says it, so that the same command again is the same refund. */
    commandKey: text("command_key"),
    fingerprint: text(),
    key: text(),
    params: text(),
    firstSentAt: integer("first_sent_at"),
    /** When to ask the gateway again; null when nothing is owed. */
    nextStepAt: integer("next_step_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("refunds_of_top_up").on(table.topUpId),
    uniqueIndex("refunds_gateway_id").on(table.gatewayRefundId),
    uniqueIndex("refunds_command_key").on(table.commandKey),
    index("refunds_due").on(table.nextStepAt).where(sql`next_step_at is not null`),
    check("refunds_amount", sql`amount_minor > 0 and credits >= 0`),
    check(
      "refunds_started_here",
      sql`(credits is null) = (key is null) and (key is null) = (params is null)`,
    ),
  ],
);
