import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * The webhook inbox. An event is stored before it is answered for and worked on from here, so one
 * that was seen is never taken for one that was handled. Its body is a hint only.
 */
export const gatewayEvents = sqliteTable(
  "gateway_events",
  {
    id: text().primaryKey(),
    type: text().notNull(),
    objectId: text("object_id").notNull(),
    paymentIntentId: text("payment_intent_id"),
    topUpId: text("top_up_id"),
    createdAt: integer("created_at").notNull(),
    livemode: integer().notNull(),
    apiVersion: text("api_version"),
    payload: text().notNull(),
    /** `failed` is tried again; `ignored` was not for us. */
    state: text().notNull(),
    attempts: integer().notNull(),
    receivedAt: integer("received_at").notNull(),
    handledAt: integer("handled_at"),
    nextAttemptAt: integer("next_attempt_at"),
  },
  (table) => [
    index("gateway_events_due").on(table.nextAttemptAt).where(sql`next_attempt_at is not null`),
    check("gateway_events_state", sql`state in ('received', 'failed', 'handled', 'ignored')`),
    check(
      "gateway_events_due",
      sql`(next_attempt_at is not null) = (state in ('received', 'failed'))`,
    ),
  ],
);
