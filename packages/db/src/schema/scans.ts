import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";
import { targets } from "./targets.ts";

/**
 * A metered run of a scanner. `next_due_at` is the truth about future work; the queue only wakes it.
 * `revision` is the compare-and-set of the scan itself, for heartbeats, which post nothing.
 */
export const scans = sqliteTable(
  "scans",
  {
    id: text().primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    targetId: text("target_id")
      .notNull()
      .references(() => targets.id),
    runnerKeyId: text("runner_key_id"),
    label: text(),
    mode: text().notNull(),
    startKey: text("start_key").notNull(),
    startFingerprint: text("start_fingerprint").notNull(),
    state: text().notNull(),
    pausedFor: text("paused_for"),
    startedAt: integer("started_at").notNull(),
    activeMs: integer("active_ms").notNull(),
    activeSince: integer("active_since"),
    /** JSON: the debited hours, [posting version, boundary, lot id or null] each; five at most. */
    hours: text().notNull(),
    lastSeenAt: integer("last_seen_at").notNull(),
    waitingSince: integer("waiting_since"),
    endedAt: integer("ended_at"),
    endedBy: text("ended_by"),
    endReason: text("end_reason"),
    nextDueAt: integer("next_due_at"),
    revision: integer().notNull(),
  },
  (table) => [
    uniqueIndex("scans_start_key").on(table.accountId, table.startKey),
    // Newest first, for the list of an account.
    index("scans_of_account").on(table.accountId, table.id),
    // What the scans of a target cost, read from the index alone. Only of those that have ended: it
    // is written once, and no debited hour rewrites it.
    index("scans_of_target")
      .on(
        table.accountId,
        table.targetId,
        table.id,
        table.state,
        table.mode,
        table.startedAt,
        sql`json_array_length(hours)`,
      )
      .where(sql`ended_at is not null`),
    // What is due, for every write and for the sweep. One index serves both, because hardly anything
    // is ever overdue and every debited hour rewrites it.
    index("scans_due").on(table.nextDueAt, table.accountId).where(sql`ended_at is null`),
    // What runs, for the pages of an account.
    index("scans_open").on(table.accountId).where(sql`ended_at is null`),
    // Who waits for credits, for the moment when some arrive.
    index("scans_waiting")
      .on(table.accountId, table.waitingSince)
      .where(sql`waiting_since is not null`),
    check("scans_hours", sql`json_array_length(hours) between 0 and 5`),
    check("scans_open", sql`(ended_at is null) = (state in ('running', 'paused'))`),
    check("scans_clock", sql`(active_since is not null) = (state = 'running')`),
    check("scans_paused", sql`(paused_for is not null) = (state = 'paused')`),
    check("scans_unlimited", sql`mode = 'credits' or hours = '[]'`),
    check("scans_due_or_ended", sql`(next_due_at is null) = (ended_at is not null)`),
  ],
);
