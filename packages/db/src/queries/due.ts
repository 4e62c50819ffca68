/** What a sweep looks for: rows whose due instant has passed although nobody did anything. */
import { settings } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface DueScan {
  readonly accountId: string;
  readonly scanId: string;
}

export interface Silence {
  readonly listeningSince: number;
  readonly lostAfterMs: number;
}

/**
 * Scans past their due instant, the most overdue first. Left out are those whose hour nobody can
 * vouch for yet: they wait for a heartbeat, and must not hide what can be done.
 */
export async function listDueScans(
  db: Database,
  until: number,
  { listeningSince, lostAfterMs }: Silence,
  limit: number,
): Promise<DueScan[]> {
  const found = await db.read({
    sql: `SELECT account_id AS accountId, id AS scanId FROM scans INDEXED BY scans_due
      WHERE ended_at IS NULL AND next_due_at <= ?1
        AND NOT (state = 'running' AND mode = 'credits' AND json_array_length(hours) < ${settings.scanCreditsMax}
          AND last_seen_at + ?3 <= next_due_at AND max(last_seen_at, ?2) + ?3 > ?1)
      ORDER BY next_due_at LIMIT ?4`,
    args: [until, listeningSince, lostAfterMs, limit],
  });
  return recordsOf<DueScan>(found);
}

/** Open scans whose runner has been silent since that instant. */
export async function listSilentScans(
  db: Database,
  lastSeenUntil: number,
  limit: number,
): Promise<DueScan[]> {
  const found = await db.read({
    sql: `SELECT account_id AS accountId, id AS scanId FROM scans
      WHERE ended_at IS NULL AND last_seen_at <= ? ORDER BY last_seen_at, id LIMIT ?`,
    args: [lastSeenUntil, limit],
  });
  return recordsOf<DueScan>(found);
}

/**
 * Accounts that hold a remainder past its date, or credits that were kept too long, the most overdue
 * first. What a dispute froze waits for its end.
 */
export async function listAccountsWithExpiredLots(
  db: Database,
  until: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT account_id FROM (
        SELECT account_id, expires_at AS at FROM lots WHERE remaining > 0 AND expires_at <= ?1
        UNION ALL SELECT account_id, expires_at + ${settings.keptForMs} FROM lots
          WHERE kept > 0 AND expires_at <= ?1 - ${settings.keptForMs})
      GROUP BY account_id ORDER BY min(at) LIMIT ?2`,
    args: [until, limit],
  });
  return rows.map((row) => row[0] as string);
}

/** Accounts with a scan that waits for credits although a lot is spendable now. */
export async function listAccountsToResume(
  db: Database,
  now: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT DISTINCT s.account_id FROM scans s WHERE s.waiting_since IS NOT NULL
      AND EXISTS (SELECT 1 FROM lots l WHERE l.account_id = s.account_id AND l.is_open = 1
        AND l.remaining > 0 AND l.effective_at <= ?1 AND l.expires_at > ?1)
      LIMIT ?2`,
    args: [now, limit],
  });
  return rows.map((row) => row[0] as string);
}

/** The open scans whose next due instant lies in a range, for arming their wake-ups. */
export async function listScansDueBetween(
  db: Database,
  range: { readonly from: number; readonly until: number; readonly afterId: string },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT id FROM scans WHERE ended_at IS NULL AND next_due_at > ? AND next_due_at <= ?
      AND id > ? ORDER BY id LIMIT ?`,
    args: [range.from, range.until, range.afterId, limit],
  });
  return rows.map((row) => row[0] as string);
}

/** The earliest instant at which anything is due anywhere, silence of runners included. */
export async function findNextDueAt(
  db: Database,
  after: number,
  lostAfterMs: number,
): Promise<number | null> {
  const { rows } = await db.read({
    sql: `SELECT min(at) FROM (
      SELECT min(next_due_at) AS at FROM scans WHERE ended_at IS NULL AND next_due_at > ?1
      UNION ALL SELECT min(lost_at) FROM (
        SELECT max(last_seen_at, coalesce((SELECT listening_since FROM service), 0)) + ?2 AS lost_at
        FROM scans WHERE ended_at IS NULL) WHERE lost_at > ?1
      UNION ALL SELECT min(expires_at) FROM lots WHERE remaining > 0 AND expires_at > ?1
      UNION ALL SELECT min(expires_at) + ${settings.keptForMs} FROM lots
        WHERE kept > 0 AND expires_at > ?1 - ${settings.keptForMs})`,
    args: [after, lostAfterMs],
  });
  return (rows[0]?.[0] as number | null | undefined) ?? null;
}
