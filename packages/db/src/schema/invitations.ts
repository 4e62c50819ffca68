import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Who was asked to act for an account, by address, and what became of it. Never deleted, so that how
 * many were sent can be counted.
 *
 * guards: `invitations_are_final` in the migration.
 */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** In lower case. */
    email: text().notNull(),
    role: text().notNull(),
    invitedBy: text("invited_by").notNull(),
    createdAt: integer("created_at").notNull(),
    /** From this instant on it opens nothing; nothing is written when it passes. */
    expiresAt: integer("expires_at").notNull(),
    acceptedAt: integer("accepted_at"),
    acceptedBy: text("accepted_by"),
    withdrawnAt: integer("withdrawn_at"),
  },
  (table) => [
    index("invitations_of_account").on(table.accountId, table.createdAt),
    uniqueIndex("invitations_open")
      .on(table.accountId, table.email)
      .where(sql`accepted_at is null and withdrawn_at is null`),
    check("invitations_role", sql`role in ('owner', 'billing', 'member')`),
    check("invitations_email", sql`email = lower(email)`),
    check("invitations_life", sql`created_at < expires_at`),
    check("invitations_accepted", sql`(accepted_at is null) = (accepted_by is null)`),
    check("invitations_outcome", sql`accepted_at is null or withdrawn_at is null`),
  ],
);

/**
 * The links that were mailed for an invitation, each as the hash of its secret. A mail that was tried
 * twice went out with two secrets, and whichever arrived has to open it.
 */
export const invitationLinks = sqliteTable(
  "invitation_links",
  {
    secretHash: text("secret_hash").primaryKey(),
    invitationId: text("invitation_id")
      .notNull()
      .references(() => invitations.id),
  },
  (table) => [index("invitation_links_of").on(table.invitationId)],
);
