/** The last year of an account, for what settings of automatic top-ups would have done in it. */
import type { PastLot, PastUsage } from "@scanmeter/core/auto-top-up";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/**
 * What came since an instant other than by an automatic purchase, each lot with the date it had at
 * first.
 */
export async function listPastLots(
  db: Database,
  accountId: string,
  since: number,
): Promise<PastLot[]> {
  const found = await db.read({
    sql: `SELECT l.kind, l.granted AS credits, l.effective_at AS at, t.id IS NOT NULL AS isPurchase,
        coalesce((SELECT min(x.old_expires_at) FROM extensions x WHERE x.lot_id = l.id), l.expires_at) AS expiresAt
      FROM lots l LEFT JOIN top_ups t ON t.lot_id = l.id
      WHERE l.account_id = ? AND l.effective_at > ? AND coalesce(t.trigger, 'manual') = 'manual'`,
    args: [accountId, since],
  });
  return recordsOf<PastLot>(found).map((lot) => ({ ...lot, isPurchase: Boolean(lot.isPurchase) }));
}

/** Credits spent since an instant, hour by hour, returned ones taken off. */
export async function listPastUsage(
  db: Database,
  accountId: string,
  since: number,
): Promise<PastUsage[]> {
  const found = await db.read({
    sql: `SELECT min(booked_at) AS at, sum(iif(kind = 'debit', 1, -1)) AS credits FROM postings
      WHERE account_id = ? AND booked_at > ? AND kind IN ('debit', 'return')
      GROUP BY booked_at / 3600000 HAVING sum(iif(kind = 'debit', 1, -1)) > 0 ORDER BY 1`,
    args: [accountId, since],
  });
  return recordsOf<PastUsage>(found);
}

/** By the name they signed up with; null for a user that is gone. */
export async function findUserName(db: Database, userId: string): Promise<string | null> {
  const { rows } = await db.read({
    sql: "SELECT name FROM auth_user WHERE id = ?",
    args: [userId],
  });
  return (rows[0]?.[0] as string | undefined) ?? null;
}
