import { integer, sqliteTable } from "drizzle-orm/sqlite-core";

/**
 * One row about the service itself. `alive_at` is raised with every sweep; when a process starts and
 * finds it long ago, nobody could hear the runners meanwhile, and `listening_since` says so.
 */
export const service = sqliteTable("service", {
  id: integer().primaryKey(),
  aliveAt: integer("alive_at").notNull(),
  listeningSince: integer("listening_since").notNull(),
});

/**
 * The sandbox's clock, at most one row: `base_at` was the test time when the system's clock showed
 * `real_at`, and since then it has run `rate_millis` thousandths as fast. Empty outside the sandbox.
 */
export const testClock = sqliteTable("test_clock", {
  id: integer().primaryKey(),
  baseAt: integer("base_at").notNull(),
  realAt: integer("real_at").notNull(),
  rateMillis: integer("rate_millis").notNull(),
});
