import type { Entry, Extension, Posting } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface ChainLink {
  readonly posting: Posting;
  readonly hash: string;
}

const PAGE = 1_000;

/**
 * Every posting with its entries, account by account and version by version, in pages. Each page is
 * a short read, so a walk beside a running owner holds nothing up.
 */
export async function* walkPostings(db: Database, accountId?: string): AsyncGenerator<ChainLink> {
  let [account, version] = [accountId ?? "", accountId === undefined ? -1 : 0];
  for (;;) {
    const found = await db.read({
      sql: `SELECT id, account_id AS accountId, version, kind, key, fingerprint, booked_at AS bookedAt,
          recorded_at AS recordedAt, scan_id AS scanId, hour, reverses, reason,
          balance_after AS balanceAfter, debt_after AS debtAfter, hash, top_up_id AS topUpId
        FROM postings WHERE (account_id, version) > (?1, ?2) AND (?3 IS NULL OR account_id = ?3)
        ORDER BY account_id, version LIMIT ${PAGE}`,
      args: [account, version, accountId ?? null],
    });
    const page = recordsOf<Posting & { id: number; hash: string }>(found);
    const ids = JSON.stringify(page.map(({ id }) => id));
    const entriesOf = await readEntries(db, ids);
    const extensionsOf = await readExtensions(db, ids);
    for (const { id, hash, ...row } of page) {
      const [entries, extensions] = [entriesOf.get(id) ?? [], extensionsOf.get(id) ?? []];
      yield { posting: { ...row, entries, extensions }, hash };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    [account, version] = [last.accountId, last.version];
  }
}

async function readEntries(db: Database, ids: string): Promise<Map<number, Entry[]>> {
  const { rows } = await db.read({
    sql: `SELECT posting_id, from_account, to_account, amount, lot_id FROM entries
      WHERE posting_id IN (SELECT value FROM json_each(?)) ORDER BY posting_id, position`,
    args: [ids],
  });
  return gather(rows, ([, from, to, amount, lotId]) => ({ from, to, amount, lotId }) as Entry);
}

async function readExtensions(db: Database, ids: string): Promise<Map<number, Extension[]>> {
  const { rows } = await db.read({
    sql: `SELECT posting_id, lot_id, old_expires_at, new_expires_at FROM extensions
      WHERE posting_id IN (SELECT value FROM json_each(?)) ORDER BY posting_id, lot_id`,
    args: [ids],
  });
  return gather(
    rows,
    ([, lotId, oldExpiresAt, newExpiresAt]) => ({ lotId, oldExpiresAt, newExpiresAt }) as Extension,
  );
}

function gather<T>(rows: readonly ArrayLike<unknown>[], make: (row: unknown[]) => T) {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const values = Array.from(row);
    const id = values[0] as number;
    groups.set(id, [...(groups.get(id) ?? []), make(values)]);
  }
  return groups;
}
