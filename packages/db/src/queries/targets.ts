import type { InStatement } from "@libsql/client";
import type { AccountId, ScanMode, TargetId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface Target {
  readonly id: TargetId;
  readonly accountId: AccountId;
  readonly url: string;
  readonly name: string;
  readonly mode: ScanMode;
  readonly createdAt: number;
  readonly archivedAt: number | null;
}

const columns = `id, account_id AS accountId, url, name, mode, created_at AS createdAt,
  archived_at AS archivedAt`;

export function insertTarget(target: Target): InStatement {
  return {
    sql: `INSERT INTO targets (id, account_id, url, name, mode, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
    args: [target.id, target.accountId, target.url, target.name, target.mode, target.createdAt],
  };
}

export async function listTargets(db: Database, accountId: string): Promise<Target[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM targets WHERE account_id = ? AND archived_at IS NULL ORDER BY id`,
    args: [accountId],
  });
  return recordsOf<Target>(found);
}

export async function findTarget(
  db: Database,
  accountId: string,
  id: string,
): Promise<Target | null> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM targets WHERE account_id = ? AND id = ? AND archived_at IS NULL`,
    args: [accountId, id],
  });
  return recordsOf<Target>(found)[0] ?? null;
}

export async function findTargetByUrl(
  db: Database,
  accountId: string,
  url: string,
): Promise<Target | null> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM targets WHERE account_id = ? AND url = ?`,
    args: [accountId, url],
  });
  return recordsOf<Target>(found)[0] ?? null;
}

/** The same address again after it was archived: the old target comes back, with its history. */
export function reviveTarget(target: Target): InStatement {
  return {
    sql: "UPDATE targets SET archived_at = NULL, name = ?, mode = ? WHERE account_id = ? AND id = ?",
    args: [target.name, target.mode, target.accountId, target.id],
  };
}

export function updateTargetMode(accountId: string, id: string, mode: ScanMode): InStatement {
  return {
    sql: "UPDATE targets SET mode = ? WHERE account_id = ? AND id = ?",
    args: [mode, accountId, id],
  };
}

export function archiveTarget(accountId: string, id: string, at: number): InStatement {
  return {
    sql: "UPDATE targets SET archived_at = ? WHERE account_id = ? AND id = ? AND archived_at IS NULL",
    args: [at, accountId, id],
  };
}
