import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/**
 * What an account is told, once per episode: the key says what it is about, so telling the same again
 * is the same row. Written in the batch of what it tells of. The mail to each member is made of it
 * afterwards, by whoever finds it not mailed yet.
 */
export const notices = sqliteTable(
  "notices",
  {
    key: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    kind: text().notNull(),
    /** JSON: what the words are made of. */
    data: text().notNull(),
    at: integer().notNull(),
    isMailed: integer("is_mailed").notNull(),
  },
  (table) => [
    index("notices_of_account").on(table.accountId, table.at, table.key),
    index("notices_to_mail").on(table.at, table.key).where(sql`is_mailed = 0`),
    check("notices_data", sql`json_valid(data)`),
  ],
);

/** How the account's balance was when it was last told of: what follows is told when it differs. */
export const noticeLevels = sqliteTable(
  "notice_levels",
  {
    accountId: text("account_id")
      .primaryKey()
      .references(() => accounts.id),
    level: text().notNull(),
    /** Its compare-and-set. guards: `notice_levels_move` in the migration. */
    version: integer().notNull(),
  },
  () => [check("notice_levels_level", sql`level in ('enough', 'low', 'depleted')`)],
);

/** What a member wants mailed, and until when they have read. A member without a row wants everything. */
export const noticeReaders = sqliteTable(
  "notice_readers",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    userId: text("user_id").notNull(),
    /** Everything up to this instant was read. */
    readUntil: integer("read_until").notNull(),
    /** JSON: the groups of notices that are not mailed to them. */
    muted: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId] }),
    check("notice_readers_muted", sql`json_valid(muted)`),
  ],
);
