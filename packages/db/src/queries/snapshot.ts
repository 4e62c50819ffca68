import type { Account, Lot } from "@scanmeter/core";
import type { Database } from "../client.ts";
import {
  accountColumns,
  accountFromRow,
  lotColumns,
  lotFromRow,
  scanColumns,
  scanFromRow,
} from "./rows.ts";
import type { ScanOfTarget } from "./scans.ts";

/** An account as it stands at one version: what every page and every live frame is made of. */
export interface Snapshot {
  readonly account: Account;
  readonly lots: readonly Lot[];
  readonly openScans: readonly ScanOfTarget[];
  /** The kind of the newest posting, or "opened" before the first. */
  readonly reason: string;
}

/** More running scans than this are not sent with every change; the list of scans pages through all. */
const OPEN_SCANS_SHOWN = 100;

/** One statement, so that everything is of the same version. */
export async function findSnapshot(db: Database, accountId: string): Promise<Snapshot | null> {
  const { rows } = await db.read({
    sql: `SELECT 'account' AS kind, json_array(${accountColumns}) AS row, '' AS extra
        FROM accounts WHERE id = ?1
      UNION ALL SELECT 'lot', json_array(${lotColumns}), '' FROM lots
        WHERE account_id = ?1 AND is_open = 1
      UNION ALL SELECT 'scan', row, url FROM (
        SELECT json_array(${scanColumns}) AS row,
          (SELECT t.url FROM targets t WHERE t.id = scans.target_id) AS url
        FROM scans WHERE account_id = ?1 AND ended_at IS NULL ORDER BY next_due_at LIMIT ?2)
      UNION ALL SELECT 'reason', kind, '' FROM (
        SELECT kind FROM postings WHERE account_id = ?1 ORDER BY version DESC LIMIT 1)`,
    args: [accountId, OPEN_SCANS_SHOWN],
  });
  let account: Account | null = null;
  let reason = "opened";
  const lots: Lot[] = [];
  const openScans: ScanOfTarget[] = [];
  for (const { kind, row, extra } of rows as unknown as Record<string, string>[]) {
    if (kind === "reason") reason = row as string;
    else if (kind === "account") account = accountFromRow(JSON.parse(row as string)).account;
    else if (kind === "lot") lots.push(lotFromRow(JSON.parse(row as string)));
    else
      openScans.push({ scan: scanFromRow(JSON.parse(row as string)), targetUrl: extra as string });
  }
  return account === null ? null : { account, lots, openScans, reason };
}
