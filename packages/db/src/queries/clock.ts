import type { InStatement } from "@libsql/client";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface ServiceRow {
  readonly aliveAt: number;
  readonly listeningSince: number;
}

export async function findService(db: Database): Promise<ServiceRow | null> {
  const found = await db.read(
    "SELECT alive_at AS aliveAt, listening_since AS listeningSince FROM service",
  );
  return recordsOf<ServiceRow>(found)[0] ?? null;
}

/** Neither instant goes back, whichever of several processes writes last. */
export function putService({ aliveAt, listeningSince }: ServiceRow): InStatement {
  return {
    sql: `INSERT INTO service (id, alive_at, listening_since) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET alive_at = max(alive_at, excluded.alive_at),
        listening_since = max(listening_since, excluded.listening_since)`,
    args: [aliveAt, listeningSince],
  };
}

export interface TestClockRow {
  readonly baseAt: number;
  readonly realAt: number;
  readonly rateMillis: number;
}

export async function findTestClock(db: Database): Promise<TestClockRow | null> {
  const found = await db.read(
    "SELECT base_at AS baseAt, real_at AS realAt, rate_millis AS rateMillis FROM test_clock",
  );
  return recordsOf<TestClockRow>(found)[0] ?? null;
}

export function putTestClock({ baseAt, realAt, rateMillis }: TestClockRow): InStatement {
  return {
    sql: `INSERT INTO test_clock (id, base_at, real_at, rate_millis) VALUES (1, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET base_at = excluded.base_at, real_at = excluded.real_at,
        rate_millis = excluded.rate_millis`,
    args: [baseAt, realAt, Math.round(rateMillis)],
  };
}
