import type { LotKind, PostingKind } from "@scanmeter/core";
import type { TopUpTrigger } from "@scanmeter/core/purchase";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface ActivityRow {
  readonly accountId: string;
  readonly version: number;
  readonly kind: PostingKind;
  readonly bookedAt: number;
  readonly scanId: string | null;
  readonly hour: number | null;
  readonly topUpId: string | null;
  readonly reason: string | null;
  readonly balanceAfter: number;
  readonly debtAfter: number;
  /** What the posting changed for the customer; negative when credits left. */
  readonly credits: number;
  /** The first lot it moved, how many there were, and what the first one is. */
  readonly lotId: string | null;
  readonly lotCount: number;
  readonly lotKind: LotKind | null;
  readonly lotSource: string | null;
  readonly scanLabel: string | null;
  readonly targetName: string | null;
  /** The person who asked for it, by the name they have now. */
  readonly askedBy: string | null;
  /** What runs the scan it is about. */
  readonly runnerKeyName: string | null;
  /** What the purchase it belongs to answered to. */
  readonly trigger: TopUpTrigger | null;
}

export interface ActivityFilter {
  readonly accountId: string;
  readonly beforeVersion: number | null;
  /** The oldest one that is looked at; what is rare is otherwise looked for in all there is. */
  readonly fromVersion?: number;
  readonly limit: number;
  readonly kinds: readonly PostingKind[] | null;
  /** Half-open: from inclusive, to exclusive. */
  readonly from: number | null;
  readonly to: number | null;
}

/** The account's postings, newest first, each with what it moved for the customer. */
export async function listActivity(db: Database, filter: ActivityFilter): Promise<ActivityRow[]> {
  const found = await db.read({
    sql: `SELECT p.accountId, p.version, p.kind, p.bookedAt, p.scanId, p.hour, p.topUpId, p.reason,
        p.balanceAfter, p.debtAfter, p.credits, p.lotId, p.lotCount, l.kind AS lotKind,
        l.source AS lotSource, s.label AS scanLabel, t.name AS targetName,
        u.name AS askedBy, k.name AS runnerKeyName, b.trigger
      FROM (SELECT p.account_id AS accountId, p.version, p.kind, p.booked_at AS bookedAt,
          p.scan_id AS scanId, p.hour, p.top_up_id AS topUpId, p.reason,
          p.asked_by AS askedBy, p.balance_after AS balanceAfter, p.debt_after AS debtAfter,
          (SELECT coalesce(sum(CASE WHEN e.to_account = 'customer' THEN e.amount ELSE 0 END)
                - sum(CASE WHEN e.from_account = 'customer' THEN e.amount ELSE 0 END), 0)
            FROM entries e WHERE e.posting_id = p.id) AS credits,
          coalesce((SELECT e.lot_id FROM entries e WHERE e.posting_id = p.id LIMIT 1),
            (SELECT x.lot_id FROM extensions x WHERE x.posting_id = p.id LIMIT 1)) AS lotId,
          max((SELECT count(DISTINCT e.lot_id) FROM entries e WHERE e.posting_id = p.id),
            (SELECT count(*) FROM extensions x WHERE x.posting_id = p.id)) AS lotCount
        FROM postings p
        WHERE p.account_id = ?1 AND p.version < ?2 AND p.version >= ?7
          AND (?3 IS NULL OR p.kind IN (SELECT value FROM json_each(?3)))
          AND (?4 IS NULL OR p.booked_at >= ?4) AND (?5 IS NULL OR p.booked_at < ?5)
        ORDER BY p.version DESC LIMIT ?6) p
      LEFT JOIN lots l ON l.id = p.lotId
      LEFT JOIN scans s ON s.id = p.scanId
      LEFT JOIN targets t ON t.id = s.target_id
      LEFT JOIN runner_keys k ON k.id = s.runner_key_id
      LEFT JOIN top_ups b ON b.id = p.topUpId
      LEFT JOIN auth_user u ON u.id = p.askedBy
      ORDER BY p.version DESC`,
    args: [
      filter.accountId,
      filter.beforeVersion ?? Number.MAX_SAFE_INTEGER,
      filter.kinds === null ? null : JSON.stringify(filter.kinds),
      filter.from,
      filter.to,
      filter.limit,
      filter.fromVersion ?? 0,
    ],
  });
  return recordsOf<ActivityRow>(found);
}

/** When a posting was written down; null when the account has none of this version. */
export async function findRecordedAt(
  db: Database,
  accountId: string,
  version: number,
): Promise<number | null> {
  const { rows } = await db.read({
    sql: "SELECT recorded_at FROM postings WHERE account_id = ? AND version = ?",
    args: [accountId, version],
  });
  return (rows[0]?.[0] as number | undefined) ?? null;
}
