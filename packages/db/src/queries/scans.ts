import type { Scan } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { qualified, scanColumns, scanFromRow } from "./rows.ts";

/** A scan with the address it scans, which is how people know it. */
export interface ScanOfTarget {
  readonly scan: Scan;
  readonly targetUrl: string;
}

const select = `SELECT ${qualified(scanColumns, "s")}, t.url FROM scans s JOIN targets t ON t.id = s.target_id`;

function fromRow(row: ArrayLike<unknown>): ScanOfTarget {
  const values = Array.from(row);
  return { scan: scanFromRow(values), targetUrl: values.at(-1) as string };
}

export async function findScan(
  db: Database,
  accountId: string,
  scanId: string,
): Promise<ScanOfTarget | null> {
  const { rows } = await db.read({
    sql: `${select} WHERE s.account_id = ? AND s.id = ?`,
    args: [accountId, scanId],
  });
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

/** Newest first; the cursor is the id of the last scan of the page before. Ids sort by time. */
export async function listScans(
  db: Database,
  page: { readonly accountId: string; readonly beforeId: string | null; readonly limit: number },
): Promise<ScanOfTarget[]> {
  const { rows } = await db.read({
    sql: `${select} WHERE s.account_id = ?1 AND (?2 IS NULL OR s.id < ?2) ORDER BY s.id DESC LIMIT ?3`,
    args: [page.accountId, page.beforeId, page.limit],
  });
  return rows.map(fromRow);
}

export async function listScansById(db: Database, ids: readonly string[]): Promise<Scan[]> {
  const { rows } = await db.read({
    sql: `SELECT ${scanColumns} FROM scans WHERE id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(ids)],
  });
  return rows.map((row) => scanFromRow(Array.from(row)));
}
