import type { InStatement } from "@libsql/client";
import type { AccountId, RunnerKeyId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface RunnerKey {
  readonly id: RunnerKeyId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

const columns = `id, account_id AS accountId, name, prefix, created_at AS createdAt,
  last_used_at AS lastUsedAt, revoked_at AS revokedAt`;

export function insertRunnerKey(key: RunnerKey, secretHash: string): InStatement {
  return {
    sql: `INSERT INTO runner_keys (id, account_id, name, prefix, secret_hash, created_at)
      VALUES (?, ?, ?, ?, ?, ?)`,
    args: [key.id, key.accountId, key.name, key.prefix, secretHash, key.createdAt],
  };
}

export async function listRunnerKeys(db: Database, accountId: string): Promise<RunnerKey[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM runner_keys WHERE account_id = ? ORDER BY id`,
    args: [accountId],
  });
  return recordsOf<RunnerKey>(found);
}

/** A revoked key is not found. */
export async function findRunnerKeyBySecret(
  db: Database,
  secretHash: string,
): Promise<RunnerKey | null> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM runner_keys WHERE secret_hash = ? AND revoked_at IS NULL`,
    args: [secretHash],
  });
  return recordsOf<RunnerKey>(found)[0] ?? null;
}

export function revokeRunnerKey(accountId: string, id: string, at: number): InStatement {
  return {
    sql: "UPDATE runner_keys SET revoked_at = coalesce(revoked_at, ?) WHERE account_id = ? AND id = ?",
    args: [at, accountId, id],
  };
}

export function touchRunnerKey(id: string, at: number): InStatement {
  return { sql: "UPDATE runner_keys SET last_used_at = ? WHERE id = ?", args: [at, id] };
}
