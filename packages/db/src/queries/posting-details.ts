/** One posting with everything it moved, for somebody who wants to know why it was booked. */
import type { Entry, Extension, LotKind, Scan } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { type ActivityRow, listActivity } from "./activity.ts";
import { recordsOf } from "./rows.ts";

/** A lot as it is known by now, whatever it was when the posting moved it. */
export interface MovedLot {
  readonly lotKind: LotKind;
  readonly lotSource: string;
  readonly lotExpiresAt: number;
}

export interface PostingDetails extends ActivityRow {
  readonly recordedAt: number;
  readonly hash: string;
  /** How the scan it is about ended, if it has. */
  readonly endReason: Scan["endReason"];
  /** Those of debt belong to no lot. */
  readonly entries: readonly (Entry & (MovedLot | { readonly lotKind: null }))[];
  readonly extensions: readonly (Extension & MovedLot)[];
}

/** Null when the account has no posting of this version. */
export async function findPosting(
  db: Database,
  accountId: string,
  version: number,
): Promise<PostingDetails | null> {
  const only = { accountId, beforeVersion: version + 1, fromVersion: version, limit: 1 };
  const [row] = await listActivity(db, { ...only, kinds: null, from: null, to: null });
  if (row === undefined) return null;
  const posting = "(SELECT id FROM postings WHERE account_id = ?1 AND version = ?2)";
  const lot = "l.kind AS lotKind, l.source AS lotSource, l.expires_at AS lotExpiresAt";
  const read = async <Found>(sql: string) =>
    recordsOf<Found>(await db.read({ sql, args: [accountId, version] }));
  const [about] = await read<Pick<PostingDetails, "recordedAt" | "hash" | "endReason">>(
    `SELECT p.recorded_at AS recordedAt, p.hash, s.end_reason AS endReason
      FROM postings p LEFT JOIN scans s ON s.id = p.scan_id WHERE p.id = ${posting}`,
  );
  const entries = await read<PostingDetails["entries"][number]>(
    `SELECT e.from_account AS "from", e.to_account AS "to", e.amount, e.lot_id AS lotId, ${lot}
      FROM entries e LEFT JOIN lots l ON l.id = e.lot_id
      WHERE e.posting_id = ${posting} ORDER BY e.position`,
  );
  const extensions = await read<PostingDetails["extensions"][number]>(
    `SELECT x.lot_id AS lotId, x.old_expires_at AS oldExpiresAt, x.new_expires_at AS newExpiresAt, ${lot}
      FROM extensions x JOIN lots l ON l.id = x.lot_id
      WHERE x.posting_id = ${posting} ORDER BY x.lot_id`,
  );
  if (about === undefined) throw new Error("a posting is never deleted");
  return { ...row, ...about, entries, extensions };
}
