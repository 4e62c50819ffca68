import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * What a customer is about to buy, step by step. It charges nothing: paying makes a top-up, and the
 * checkout remembers which. Whom it is billed to belongs to the account, not to one checkout.
 */
export const checkouts = sqliteTable(
  "checkouts",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Chosen by whoever opened it: a second click opens nothing new. */
    idempotencyKey: text("idempotency_key").notNull(),
    /** What it was opened with; the key with another one is another intention. */
    openedQuantity: integer("opened_quantity").notNull(),
    /** 0 saves a card and charges nothing. */
    quantity: integer().notNull(),
    paymentMethodId: text("payment_method_id"),
    keepsCard: integer("keeps_card").notNull(),
    /** The hosted page on which a card is being added. */
    cardPageId: text("card_page_id"),
    topUpId: text("top_up_id"),
    /** Whether this one is processing is the top-up's to say. */
    status: text().notNull(),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at"),
    revision: integer().notNull(),
  },
  (table) => [
    uniqueIndex("checkouts_key").on(table.accountId, table.idempotencyKey),
    index("checkouts_open").on(table.accountId).where(sql`status = 'open'`),
    index("checkouts_of_top_up").on(table.topUpId).where(sql`top_up_id is not null`),
    index("checkouts_card_page").on(table.cardPageId).where(sql`card_page_id is not null`),
    check("checkouts_quantity", sql`quantity between 0 and 1000000`),
    check("checkouts_status", sql`status in ('open', 'complete', 'canceled')`),
    check("checkouts_ended", sql`(ended_at is null) = (status = 'open')`),
  ],
);
