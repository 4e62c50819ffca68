/** What the postings of a range of versions moved, for an account's use day by day. */
import { keptReasons, type Movement } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/** No time zone has a day that begins within one. */
export const QUARTER_MS = 15 * 60_000;

const keptWords = Object.values(keptReasons)
  .map((reason) => `'${reason}'`)
  .join(", ");

/** Those behind the first, up to and with the last. */
export interface VersionRange {
  readonly after: number;
  readonly until: number;
}

/** Entries of one kind of a quarter of an hour are added up, so a busy account is as short as another. */
export async function listMovements(
  db: Database,
  accountId: string,
  { after, until }: VersionRange,
): Promise<Movement[]> {
  const found = await db.read({
    sql: `SELECT p.booked_at / ${QUARTER_MS} * ${QUARTER_MS} AS at, p.kind,
        iif(p.reason IN (${keptWords}), p.reason, NULL) AS reason, e.from_account AS "from",
        e.to_account AS "to", e.lot_id IS NULL AS isDebt, sum(e.amount) AS amount
      FROM postings p JOIN entries e ON e.posting_id = p.id
      WHERE p.account_id = ? AND p.version > ? AND p.version <= ?
      GROUP BY 1, 2, 3, 4, 5, 6`,
    args: [accountId, after, until],
  });
  return recordsOf<Movement>(found).map((move) => ({ ...move, isDebt: Boolean(move.isDebt) }));
}

/**
 * The newest version written down before an instant, 0 when there is none. Versions are written down in
 * their order, so halving finds it with a few looks into the index however long the history is.
 */
export async function findVersionBefore(
  db: Database,
  accountId: string,
  at: number,
): Promise<number> {
  const isBefore = `(SELECT recorded_at < ?2 FROM postings
    WHERE account_id = ?1 AND version = (below + above) / 2)`;
  const { rows } = await db.read({
    sql: `WITH RECURSIVE halves (below, above) AS (
        SELECT 0, version + 1 FROM accounts WHERE id = ?1
        UNION ALL SELECT iif(${isBefore}, (below + above) / 2, below),
          iif(${isBefore}, above, (below + above) / 2) FROM halves WHERE above - below > 1)
      SELECT max(below) FROM halves`,
    args: [accountId, at],
  });
  return (rows[0]?.[0] as number | null) ?? 0;
}
