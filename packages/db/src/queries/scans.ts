import type { Scan, ScanState } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { qualified, scanColumns, scanFromRow } from "./rows.ts";

/** A scan with the address it scans, which is how people know it. */
export interface ScanOfTarget {
  readonly scan: Scan;
  readonly targetUrl: string;
}

/** With everything else that people call it by. */
export interface NamedScan extends ScanOfTarget {
  readonly targetName: string;
  /** Null for a scan that was started before keys were noted. */
  readonly runnerKeyName: string | null;
}

const select = `SELECT ${qualified(scanColumns, "s")}, t.url, t.name, k.name FROM scans s
  JOIN targets t ON t.id = s.target_id LEFT JOIN runner_keys k ON k.id = s.runner_key_id`;

function fromRow(row: ArrayLike<unknown>): NamedScan {
  const values = Array.from(row);
  const [targetUrl, targetName, runnerKeyName] = values.slice(-3) as [
    string,
    string,
    string | null,
  ];
  return { scan: scanFromRow(values), targetUrl, targetName, runnerKeyName };
}

export async function findScan(
  db: Database,
  accountId: string,
  scanId: string,
): Promise<NamedScan | null> {
  const { rows } = await db.read({
    sql: `${select} WHERE s.account_id = ? AND s.id = ?`,
    args: [accountId, scanId],
  });
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

export interface ScanPage {
  readonly accountId: string;
  /** The id of the last scan of the page before. Ids sort by time. */
  readonly beforeId: string | null;
  readonly limit: number;
  readonly states?: readonly ScanState[] | null;
  readonly targetId?: string | null;
}

/** Newest first. */
export async function listScans(db: Database, page: ScanPage): Promise<NamedScan[]> {
  const { accountId, beforeId, limit, states = null, targetId = null } = page;
  const wanted =
    "account_id = ?1 AND id < ?2 AND (?4 IS NULL OR state IN (SELECT value FROM json_each(?4)))";
  // An index knows which scans of a target have ended, another the few that have not.
  const found =
    targetId === null
      ? `SELECT id FROM scans WHERE ${wanted}`
      : `SELECT id FROM scans WHERE ${wanted} AND target_id = ?5 AND ended_at IS NOT NULL UNION ALL
         SELECT id FROM scans INDEXED BY scans_open
         WHERE ${wanted} AND target_id = ?5 AND ended_at IS NULL`;
  const { rows } = await db.read({
    sql: `${select} WHERE s.id IN (${found} ORDER BY id DESC LIMIT ?3) ORDER BY s.id DESC`,
    args: [
      accountId,
      beforeId ?? AFTER_EVERY_ID,
      limit,
      states === null ? null : JSON.stringify(states),
      ...(targetId === null ? [] : [targetId]),
    ],
  });
  return rows.map(fromRow);
}

const AFTER_EVERY_ID = "~";

export async function listScansById(db: Database, ids: readonly string[]): Promise<Scan[]> {
  const { rows } = await db.read({
    sql: `SELECT ${scanColumns} FROM scans WHERE id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(ids)],
  });
  return rows.map((row) => scanFromRow(Array.from(row)));
}
