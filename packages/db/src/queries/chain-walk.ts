import { setImmediate } from "node:timers/promises";
import type { Entry, Extension, Posting } from "@scanmeter/core";
import type { ChainPlace } from "../chain.ts";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface ChainLink {
  readonly posting: Posting;
  readonly hash: string;
}

/** Where a walk of one account begins: behind a posting that was walked before. */
export interface WalkOfAccount {
  readonly accountId: string;
  readonly afterVersion?: number;
}

const PAGE = 250;

/**
 * Every posting with its entries, account by account and version by version, in pages. Each page is
 * a short read with a turn of the event loop before the next, so a walk holds nothing up, neither
 * beside a running owner nor inside it.
 */
export async function* walkPostings(db: Database, only?: WalkOfAccount): AsyncGenerator<ChainLink> {
  let after = { accountId: only?.accountId ?? "", version: only?.afterVersion ?? 0 };
  for (;;) {
    const page = await readPage(db, after, only !== undefined);
    const ids = JSON.stringify(page.map(({ id }) => id));
    const entriesOf = await readEntries(db, ids);
    const extensionsOf = await readExtensions(db, ids);
    for (const { id, hash, ...row } of page) {
      const [entries, extensions] = [entriesOf.get(id) ?? [], extensionsOf.get(id) ?? []];
      yield { posting: { ...row, entries, extensions }, hash };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last;
    await setImmediate();
  }
}

/** Where an account's chain ends now; null for an unknown account. */
export async function findChainHead(db: Database, accountId: string): Promise<ChainPlace | null> {
  const found = await db.read({
    sql: "SELECT version, chain_hash AS hash FROM accounts WHERE id = ?",
    args: [accountId],
  });
  return recordsOf<ChainPlace>(found)[0] ?? null;
}

type StoredPosting = Posting & { readonly id: number; readonly hash: string };

async function readPage(
  db: Database,
  after: Pick<Posting, "version"> & { readonly accountId: string },
  isOfOne: boolean,
): Promise<StoredPosting[]> {
  // Two statements and not a condition, which would look at everybody behind the last page of one.
  const where = isOfOne ? "account_id = ?1 AND version > ?2" : "(account_id, version) > (?1, ?2)";
  const found = await db.read({
    sql: `SELECT id, account_id AS accountId, version, kind, key, fingerprint, booked_at AS bookedAt,
        recorded_at AS recordedAt, scan_id AS scanId, hour, reverses, reason,
        balance_after AS balanceAfter, debt_after AS debtAfter, hash, top_up_id AS topUpId,
        asked_by AS askedBy
      FROM postings WHERE ${where} ORDER BY account_id, version LIMIT ${PAGE}`,
    args: [after.accountId, after.version],
  });
  return recordsOf<StoredPosting>(found);
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
