import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * Mail that is to be sent, written in the batch of what it tells of, so that neither is there without
 * the other. The key says what it is about: telling the same thing twice is one row. A row is sent at
 * least once, because a process may die between handing it over and noting that.
 *
 * guards: `mails_keep_their_words` in the migration.
 */
export const mails = sqliteTable(
  "mails",
  {
    key: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    recipient: text().notNull(),
    template: text().notNull(),
    /** JSON: what the template needs; ids rather than copies. */
    data: text().notNull(),
    sendAt: integer("send_at").notNull(),
    state: text().notNull(),
    /** How often somebody took it on. */
    attempts: integer().notNull(),
    /** When it is to be taken on next; whoever does moves it, so that nobody else takes it meanwhile. */
    nextAttemptAt: integer("next_attempt_at"),
    sentAt: integer("sent_at"),
    /** What the last failed attempt was answered, for the operator. */
    lastError: text("last_error"),
  },
  (table) => [
    index("mails_due").on(table.nextAttemptAt, table.key).where(sql`state = 'waiting'`),
    index("mails_of_account").on(table.accountId, table.sendAt),
    check("mails_state", sql`state in ('waiting', 'sent', 'failed')`),
    check("mails_waiting", sql`(next_attempt_at is not null) = (state = 'waiting')`),
    check("mails_sent", sql`(sent_at is not null) = (state = 'sent')`),
    check("mails_attempts", sql`attempts >= 0 and (state = 'waiting' or attempts > 0)`),
    check("mails_data", sql`json_valid(data)`),
  ],
);
