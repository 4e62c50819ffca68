/** Questions about the past, answered from the entries alone. */
import { keptReasons, type Lot } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

const intoHolds =
  "CASE 'holds' WHEN e.to_account THEN e.amount WHEN e.from_account THEN -e.amount ELSE 0 END";
const isAboutKept = `p.reason IN (${Object.values(keptReasons)
  .map((reason) => `'${reason}'`)
  .join(", ")})`;

/**
 * The lots as they stood at a past instant: what the entries booked by then had put into each, frozen
 * and kept of it, and the expiry date it had before any later extension.
 */
export async function listLotsAsOf(db: Database, accountId: string, at: number): Promise<Lot[]> {
  const found = await db.read({
    sql: `SELECT l.id, l.kind, l.source, l.granted, sum(
        CASE WHEN e.from_account = 'customer' THEN -e.amount ELSE e.amount END) AS remaining,
        sum(${intoHolds}) AS frozen, sum(iif(${isAboutKept}, ${intoHolds}, 0)) AS kept,
        l.effective_at AS effectiveAt,
        coalesce((SELECT x.old_expires_at FROM extensions x JOIN postings q ON q.id = x.posting_id
          WHERE x.lot_id = l.id AND q.booked_at > ?2 ORDER BY q.version LIMIT 1), l.expires_at) AS expiresAt
      FROM postings p JOIN entries e ON e.posting_id = p.id JOIN lots l ON l.id = e.lot_id
      WHERE p.account_id = ?1 AND p.booked_at <= ?2 GROUP BY l.id`,
    args: [accountId, at],
  });
  return recordsOf<Lot>(found);
}

export async function findDebtAsOf(db: Database, accountId: string, at: number): Promise<number> {
  const { rows } = await db.read({
    sql: `SELECT coalesce(sum(CASE
        WHEN e.from_account = 'customer' AND e.to_account = 'customer' THEN -e.amount
        WHEN e.lot_id IS NULL AND e.from_account = 'customer' THEN e.amount
        WHEN e.lot_id IS NULL THEN -e.amount ELSE 0 END), 0)
      FROM postings p JOIN entries e ON e.posting_id = p.id
      WHERE p.account_id = ?1 AND p.booked_at <= ?2`,
    args: [accountId, at],
  });
  return rows[0]?.[0] as number;
}

export interface Usage {
  readonly credits: number;
  readonly firstAt: number | null;
}

/**
 * Net debits since an instant (returns taken off), looking at the newest postings only, and since when
 * that tells of the account: an old one that was idle for a while counts from the instant.
 */
export async function findUsageSince(
  db: Database,
  accountId: string,
  since: number,
): Promise<Usage> {
  const found = await db.read({
    sql: `SELECT coalesce(sum(CASE WHEN booked_at < ?2 THEN 0
          WHEN kind = 'debit' THEN 1 WHEN kind = 'return' THEN -1 ELSE 0 END), 0) AS credits,
        max(min(booked_at), ?2) AS firstAt
      FROM (SELECT kind, booked_at FROM postings
        WHERE account_id = ?1 ORDER BY version DESC LIMIT 5000)`,
    args: [accountId, since],
  });
  return recordsOf<Usage>(found)[0] as Usage;
}
