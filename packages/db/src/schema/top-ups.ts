import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Purchases of credits, each written before the payment gateway is called. `next_step_at` is the
 * truth about what is owed to it; the queue only wakes it. `revision` is its compare-and-set.
 *
 * Terms, attempts and what was learnt are JSON, because they are read and written whole; what
 * constraints and searches need is in columns of its own. A paid row stays: money that leaves again
 * is `settlement`, and what was done about it `reversed`.
 *
 * guards: see `top_ups_move`, `top_ups_agreed_to`, `top_ups_ordered_by_hand` and
 * `top_ups_keep_who_ordered` in the migrations. A payment's credits can exist once because
 * `payment_intent_id`, `lot_id` and the key of the granting posting are each unique.
 */
export const topUps = sqliteTable(
  "top_ups",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    trigger: text().notNull(),
    /** What it answers to: one intention makes one purchase. */
    triggerKey: text("trigger_key").notNull(),
    state: text().notNull(),
    /** JSON: price, discount, cap and tax of the day it was ordered. */
    terms: text().notNull(),
    customerId: text("customer_id").notNull(),
    livemode: integer().notNull(),
    paymentIntentId: text("payment_intent_id"),
    /** JSON: every call that may move money, with its key and exact parameters. */
    attempts: text().notNull(),
    closing: text(),
    redirectUrl: text("redirect_url"),
    failure: text(),
    differences: text().notNull(),
    createdAt: integer("created_at").notNull(),
    openUntil: integer("open_until").notNull(),
    readAt: integer("read_at"),
    nextStepAt: integer("next_step_at"),
    paidAt: integer("paid_at"),
    lotId: text("lot_id"),
    /** JSON: whom it is billed to, as it was when the customer paid. */
    billing: text().notNull(),
    /** JSON: brand and last four digits of the card that was last tried. */
    card: text(),
    /** JSON: what the purchase did, lot by lot. */
    receipt: text(),
    settlement: text().notNull(),
    /** JSON: what was taken back, given back and frozen because of its money. */
    reversed: text(),
    revision: integer().notNull(),
    /** The agreement an automatic purchase stands on. */
    consentId: text("consent_id"),
    /** The user who pressed the button. */
    orderedBy: text("ordered_by"),
  },
  (table) => [
    uniqueIndex("top_ups_trigger_key").on(table.triggerKey),
    uniqueIndex("top_ups_payment_intent").on(table.paymentIntentId),
    uniqueIndex("top_ups_lot").on(table.lotId),
    // Newest first, for the list of an account.
    index("top_ups_of_account").on(table.accountId, table.id),
    // At most one purchase by hand and one automatic one under way per account: a second tab finds
    // the first one's, and an account is never charged twice for the same want.
    uniqueIndex("top_ups_by_hand")
      .on(table.accountId)
      .where(
        sql`trigger = 'manual' and state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing')`,
      ),
    uniqueIndex("top_ups_automatic")
      .on(table.accountId)
      .where(
        sql`trigger <> 'manual' and state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing')`,
      ),
    // What a person looks at is in the way of buying more without the customer.
    index("top_ups_under_review").on(table.accountId).where(sql`state = 'needs_review'`),
    // What was bought without the customer lately, for the caps.
    index("top_ups_without_customer")
      .on(table.accountId, table.createdAt)
      .where(sql`trigger <> 'manual'`),
    index("top_ups_due").on(table.nextStepAt).where(sql`next_step_at is not null`),
    // What was paid lately, for the daily comparison.
    index("top_ups_paid").on(table.paidAt, table.id).where(sql`state = 'paid'`),
    check("top_ups_consent", sql`(trigger = 'manual') = (consent_id is null)`),
    check("top_ups_trigger", sql`trigger in ('manual', 'out_of_credits', 'before_expiry')`),
    check(
      "top_ups_state",
      sql`state in ('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing', 'paid', 'expired', 'canceled', 'failed', 'needs_review')`,
    ),
    check("top_ups_paid", sql`(state = 'paid') = (lot_id is not null and paid_at is not null)`),
    check("top_ups_receipt", sql`(state = 'paid') = (receipt is not null)`),
    check("top_ups_paid_by", sql`state <> 'paid' or payment_intent_id is not null`),
    check("top_ups_over", sql`state not in ('paid', 'needs_review') or next_step_at is null`),
    check(
      "top_ups_settlement",
      sql`settlement in ('none', 'refund_pending', 'partially_refunded', 'refunded', 'inquiry', 'disputed', 'dispute_lost')`,
    ),
    check("top_ups_settled", sql`settlement = 'none' or state = 'paid'`),
  ],
);
