import type { InStatement } from "@libsql/client";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface Alert {
  /** The same key again is the same trouble again. */
  readonly key: string;
  readonly kind: string;
  readonly accountId: string | null;
  /** One sentence for an operator: what is wrong and what it is about. */
  readonly text: string;
}

export interface RaisedAlert extends Alert {
  readonly raisedAt: number;
  readonly lastAt: number;
  readonly times: number;
}

export function raiseAlert({ key, kind, accountId, text }: Alert, at: number): InStatement {
  return {
    sql: `INSERT INTO alerts (key, kind, account_id, text, raised_at, last_at, times)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1) ON CONFLICT (key) DO UPDATE SET text = excluded.text,
      last_at = excluded.last_at, times = times + 1, resolved_at = NULL`,
    args: [key, kind, accountId, text, at],
  };
}

/** Looked at and dealt with. The same trouble again opens it again. */
export function resolveAlert(key: string, at: number): InStatement {
  return {
    sql: "UPDATE alerts SET resolved_at = ? WHERE key = ? AND resolved_at IS NULL",
    args: [at, key],
  };
}

export async function listAlerts(db: Database, limit = 200): Promise<RaisedAlert[]> {
  const found = await db.read({
    sql: `SELECT key, kind, account_id AS accountId, text, raised_at AS raisedAt,
        last_at AS lastAt, times FROM alerts WHERE resolved_at IS NULL ORDER BY raised_at, key LIMIT ?`,
    args: [limit],
  });
  return recordsOf<RaisedAlert>(found);
}
