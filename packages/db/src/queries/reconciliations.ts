import type { InStatement } from "@libsql/client";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface Reconciliation {
  readonly name: string;
  readonly comparedUntil: number;
  readonly nextAt: number;
}

export async function findReconciliation(
  db: Database,
  name: string,
): Promise<Reconciliation | null> {
  const found = await db.read({
    sql: `SELECT name, compared_until AS comparedUntil, next_at AS nextAt FROM reconciliations
      WHERE name = ?`,
    args: [name],
  });
  return recordsOf<Reconciliation>(found)[0] ?? null;
}

export function putReconciliation({ name, comparedUntil, nextAt }: Reconciliation): InStatement {
  return {
    sql: `INSERT INTO reconciliations (name, compared_until, next_at) VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET compared_until = excluded.compared_until,
      next_at = excluded.next_at`,
    args: [name, comparedUntil, nextAt],
  };
}
