import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** What a runner signs in with. Only the hash of the secret is kept; the prefix is shown to people. */
export const runnerKeys = sqliteTable(
  "runner_keys",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    prefix: text().notNull(),
    secretHash: text("secret_hash").notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [
    uniqueIndex("runner_keys_secret").on(table.secretHash),
    index("runner_keys_of_account").on(table.accountId),
  ],
);
