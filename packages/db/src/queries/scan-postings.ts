import type { LotKind, PostingKind } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface ScanPosting {
  readonly version: number;
  readonly kind: PostingKind;
  readonly bookedAt: number;
  readonly hour: number | null;
  readonly reason: string | null;
  /** What it changed for the customer; negative when a credit left. */
  readonly credits: number;
  readonly balanceAfter: number;
  /** The lot that paid or got the credit back; null when nothing moved or the hour is owed. */
  readonly lotId: string | null;
  readonly lotSource: string | null;
  readonly lotKind: LotKind | null;
  /** The person who asked for it, by the name they have now. */
  readonly askedBy: string | null;
}

/**
 * What was booked for a scan, first to last. Postings are not indexed by scan, which every debited
 * hour would have to pay for: the first and the last one are found by their keys, and what lies
 * between them is read by version. That is what the account did during the scan, 72 hours at most.
 */
export async function listScanPostings(
  db: Database,
  accountId: string,
  scanId: string,
): Promise<ScanPosting[]> {
  const found = await db.read({
    sql: `SELECT p.version, p.kind, p.booked_at AS bookedAt, p.hour, p.reason,
        coalesce(iif(e.from_account = 'customer', -e.amount, e.amount), 0) AS credits,
        p.balance_after AS balanceAfter, e.lot_id AS lotId, l.source AS lotSource, l.kind AS lotKind,
        u.name AS askedBy
      FROM postings p LEFT JOIN entries e ON e.posting_id = p.id LEFT JOIN lots l ON l.id = e.lot_id
        LEFT JOIN auth_user u ON u.id = p.asked_by
      WHERE p.account_id = ?1 AND p.scan_id = ?2
        AND p.version >= (SELECT min(version) FROM postings WHERE key IN (SELECT value FROM json_each(?3)))
        AND p.version <= (SELECT coalesce(max(version), ?5) FROM postings
          WHERE key IN (SELECT value FROM json_each(?4)))
      ORDER BY p.version`,
    args: [
      accountId,
      scanId,
      JSON.stringify([`started-${scanId}`, `hour-${scanId}-1`]),
      JSON.stringify([
        `ended-${scanId}`,
        ...[1, 2, 3, 4, 5].map((hour) => `return-${scanId}-${hour}`),
      ]),
      Number.MAX_SAFE_INTEGER,
    ],
  });
  return recordsOf<ScanPosting>(found);
}
