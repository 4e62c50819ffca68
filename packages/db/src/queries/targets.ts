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

/** Archived ones too, which the history still names. */
export async function listAllTargets(db: Database, accountId: string): Promise<Target[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM targets WHERE account_id = ? ORDER BY id`,
    args: [accountId],
  });
  return recordsOf<Target>(found);
}

export interface TargetUsage {
  readonly targetId: string;
  readonly scans: number;
  /** Hours that were debited and not returned. */
  readonly credits: number;
  /** Of the scans that started since the instant that was asked for. */
  readonly recentCredits: number;
  readonly lastScanAt: number;
  /** Of the newest metered scans that ran to their end, newest first. */
  readonly finishedCosts: readonly number[];
}

/**
 * What the scans of each target cost; a target that was never scanned is not among them. Scans that
 * have ended are read from `scans_of_target` alone, so years of them cost milliseconds.
 */
export async function listTargetUsage(
  db: Database,
  wanted: { readonly accountId: string; readonly since: number; readonly finishedMax: number },
): Promise<TargetUsage[]> {
  const usageOf = (scans: string) => `SELECT target_id, count(*) AS scans,
      sum(json_array_length(hours)) AS credits,
      sum(iif(started_at >= ?2, json_array_length(hours), 0)) AS recent, max(started_at) AS last
    FROM scans WHERE account_id = ?1 AND ${scans} GROUP BY target_id`;
  const found = await db.read({
    sql: `SELECT target_id AS targetId, sum(scans) AS scans, sum(credits) AS credits,
        sum(recent) AS recentCredits, max(last) AS lastScanAt,
        (SELECT json_group_array(cost) FROM (
          SELECT json_array_length(s.hours) AS cost FROM scans s
          WHERE s.account_id = ?1 AND s.target_id = used.target_id AND s.ended_at IS NOT NULL
            AND s.state = 'finished' AND s.mode = 'credits'
          ORDER BY s.id DESC LIMIT ?3)) AS finishedCosts
      FROM (${usageOf("ended_at IS NOT NULL")} UNION ALL ${usageOf("ended_at IS NULL")}) used
      GROUP BY target_id`,
    args: [wanted.accountId, wanted.since, wanted.finishedMax],
  });
  return recordsOf<TargetUsage & { finishedCosts: string }>(found).map((usage) => ({
    ...usage,
    finishedCosts: JSON.parse(usage.finishedCosts),
  }));
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
