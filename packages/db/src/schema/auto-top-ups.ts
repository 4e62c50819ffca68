import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";
import { consents } from "./consents.ts";

/**
 * What an account asked for in advance, and what is in the way of it. No row until settings are saved
 * for the first time. `revision` is the settings' own, the one a customer saw; `version` rises with
 * every write and is the compare-and-set, so of two workers only one begins a purchase.
 *
 * guards: `auto_top_ups_move` in the migration.
 */
export const autoTopUps = sqliteTable(
  "auto_top_ups",
  {
    accountId: text("account_id")
      .primaryKey()
      .references(() => accounts.id),
    enabled: integer().notNull(),
    quantity: integer().notNull(),
    outOfCredits: integer("out_of_credits").notNull(),
    beforeExpiry: integer("before_expiry").notNull(),
    threshold: integer().notNull(),
    /** In the account's currency, of a calendar month; null for no limit of the customer's own. */
    monthlyLimitMinor: integer("monthly_limit_minor"),
    revision: integer().notNull(),
    consentId: text("consent_id").references(() => consents.id),
    suspensionReason: text("suspension_reason"),
    suspendedAt: integer("suspended_at"),
    /** The purchase that brought the suspension about. */
    suspendedBy: text("suspended_by"),
    /** The date the next renewal is about, and when it is due; a wake-up that knows another is stale. */
    renewalExpiresAt: integer("renewal_expires_at"),
    renewalDueAt: integer("renewal_due_at"),
    version: integer().notNull(),
  },
  () => [
    check("auto_top_ups_asked_for", sql`enabled = 0 or out_of_credits = 1 or before_expiry = 1`),
    check("auto_top_ups_consent", sql`enabled = 0 or consent_id is not null`),
    check("auto_top_ups_figures", sql`quantity >= 1 and threshold >= 0 and revision >= 1`),
    check("auto_top_ups_limit", sql`monthly_limit_minor >= 0`),
    check("auto_top_ups_suspension", sql`(suspension_reason is null) = (suspended_at is null)`),
    check(
      "auto_top_ups_renewal",
      sql`(renewal_expires_at is null) = (renewal_due_at is null) and renewal_due_at < renewal_expires_at`,
    ),
  ],
);
