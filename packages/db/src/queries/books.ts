/**
 * The two ends of every write: reading what decisions need, set by set, and the statements that
 * append what was decided. Both take many accounts at once, because a shared commit pays for the
 * disk and for each statement once, however many callers share it.
 */
import type { InStatement } from "@libsql/client";
import {
  type Account,
  type Instant,
  type Journal,
  type Lot,
  type Posting,
  type Scan,
  settings,
} from "@scanmeter/core";
import { chainHash } from "../chain.ts";
import type { Database } from "../client.ts";
import { type AutoTopUpKnown, AutoTopUpRows, autoTopUpParts } from "./auto-top-ups.ts";
import { type DisputeRow, disputeColumns, disputeFromRow } from "./disputes.ts";
import { documentColumns, documentFromRow, type InvoiceRow } from "./invoices.ts";
import { mintPostingId } from "./posting-id.ts";
import { type RefundRow, refundColumns, refundFromRow } from "./refunds.ts";
import {
  type AccountRow,
  accountColumns,
  accountFromRow,
  type Json,
  lotColumns,
  lotFromRow,
  lotToRow,
  qualified,
  scanColumns,
  scanFromRow,
  scanMovesToRow,
  scanToRow,
} from "./rows.ts";
import { type TopUpRow, topUpColumns, topUpFromRow } from "./top-ups.ts";

/** What a group of commands must know before core can decide. Pairs are [account id, …]. */
export interface FactsWanted {
  readonly accountIds: readonly string[];
  /**
   * Scans due up to this instant are read with their accounts; those whose hour waits for proof come
   * last, so that they do not keep others out.
   */
  readonly dueUntil: Instant;
  readonly dueLimit: number;
  readonly scans: readonly (readonly [accountId: string, scanId: string])[];
  readonly startKeys: readonly (readonly [accountId: string, startKey: string])[];
  readonly postingKeys: readonly (readonly [accountId: string, key: string])[];
  readonly targets: readonly (readonly [accountId: string, targetId: string])[];
  readonly topUps: readonly (readonly [accountId: string, topUpId: string])[];
  /** Purchases of which everything is wanted that became of their money, documents included. */
  readonly moneyOf: readonly (readonly [accountId: string, topUpId: string])[];
  /** Accounts whose scans that wait for credits are wanted, the longest waiting first. */
  readonly waitingOf: readonly string[];
  /** Accounts of which the spent lots are wanted as well, because a credit goes back to one. */
  readonly spentLotsOf: readonly string[];
  /** Accounts of which is wanted what they asked for in advance, and what decisions about that need. */
  readonly autoTopUpsOf: readonly string[];
}

export interface TargetRow {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Scan["mode"];
  readonly isArchived: boolean;
}

export interface PostingRow {
  readonly accountId: string;
  readonly key: string;
  readonly version: number;
  readonly fingerprint: string | null;
}

export interface Facts {
  readonly accounts: readonly AccountRow[];
  readonly lots: readonly (readonly [accountId: string, lot: Lot])[];
  readonly scans: readonly Scan[];
  readonly targets: readonly TargetRow[];
  readonly postings: readonly PostingRow[];
  readonly topUps: readonly TopUpRow[];
  readonly refunds: readonly RefundRow[];
  readonly disputes: readonly DisputeRow[];
  readonly documents: readonly InvoiceRow[];
  readonly autoTopUps: AutoTopUpRows;
  /** More scans are due than were read. */
  readonly hasMoreDue: boolean;
  readonly listeningSince: Instant;
}

const scanColumnsJoined = qualified(scanColumns, "scans");
const pairs = "json_each(?) pair";
const first = "pair.value ->> 0";
const second = "pair.value ->> 1";

/** One statement, so that everything is of one instant, on a file as on a server. */
export async function readFacts(db: Database, wanted: FactsWanted): Promise<Facts> {
  const parts: string[] = [];
  const args: (string | number)[] = [];
  const part = (sql: string, ...values: (string | number)[]) => {
    parts.push(sql);
    args.push(...values);
  };
  const list = (values: readonly unknown[]) => JSON.stringify(values);
  const accountIds = list(wanted.accountIds);

  part("SELECT 'service' AS kind, json_array(listening_since) AS row FROM service");
  part(
    `SELECT 'account', json_array(${accountColumns}) FROM accounts
     WHERE id IN (SELECT value FROM json_each(?))`,
    accountIds,
  );
  part(
    `SELECT 'lot', json_array(${lotColumns}) FROM lots
     WHERE account_id IN (SELECT value FROM json_each(?)) AND is_open = 1`,
    accountIds,
  );
  part(
    `SELECT 'due', row FROM (SELECT json_array(${scanColumns}) AS row FROM scans INDEXED BY scans_due
     WHERE ended_at IS NULL AND next_due_at <= ? AND account_id IN (SELECT value FROM json_each(?))
     ORDER BY state = 'running' AND last_seen_at + ? <= next_due_at, next_due_at LIMIT ?)`,
    wanted.dueUntil,
    accountIds,
    settings.lostAfterMs,
    wanted.dueLimit,
  );
  if (wanted.scans.length > 0) {
    part(
      `SELECT 'scan', json_array(${scanColumnsJoined}) FROM ${pairs} CROSS JOIN scans
       ON scans.id = ${second} AND scans.account_id = ${first}`,
      list(wanted.scans),
    );
  }
  if (wanted.startKeys.length > 0) {
    part(
      `SELECT 'scan', json_array(${scanColumnsJoined}) FROM ${pairs} CROSS JOIN scans
       ON scans.account_id = ${first} AND scans.start_key = ${second}`,
      list(wanted.startKeys),
    );
  }
  if (wanted.targets.length > 0) {
    part(
      `SELECT 'target', json_array(targets.id, account_id, mode, archived_at IS NOT NULL)
       FROM ${pairs} CROSS JOIN targets ON targets.id = ${second} AND account_id = ${first}`,
      list(wanted.targets),
    );
  }
  if (wanted.postingKeys.length > 0) {
    part(
      `SELECT 'posting', json_array(account_id, postings.key, version, fingerprint)
       FROM ${pairs} CROSS JOIN postings ON postings.key = ${second} AND account_id = ${first}`,
      list(wanted.postingKeys),
    );
  }
  if (wanted.topUps.length > 0) {
    part(
      `SELECT 'top_up', json_array(${qualified(topUpColumns, "top_ups")}) FROM ${pairs}
       CROSS JOIN top_ups ON top_ups.id = ${second} AND account_id = ${first}`,
      list(wanted.topUps),
    );
  }
  if (wanted.moneyOf.length > 0) {
    const moneyOf = list(wanted.moneyOf);
    const ofTopUps = (kind: string, table: string, columns: string) =>
      part(
        `SELECT '${kind}', json_array(${qualified(columns, table)}) FROM ${pairs}
         CROSS JOIN ${table} ON ${table}.top_up_id = ${second} AND ${table}.account_id = ${first}`,
        moneyOf,
      );
    ofTopUps("refund", "refunds", refundColumns);
    ofTopUps("dispute", "disputes", disputeColumns);
    ofTopUps("document", "invoices", documentColumns);
  }
  if (wanted.waitingOf.length > 0) {
    part(
      `SELECT 'scan', row FROM (SELECT json_array(${scanColumns}) AS row FROM scans
       WHERE account_id IN (SELECT value FROM json_each(?)) AND waiting_since IS NOT NULL
       ORDER BY waiting_since, id LIMIT ?)`,
      list(wanted.waitingOf),
      wanted.dueLimit,
    );
  }
  if (wanted.spentLotsOf.length > 0) {
    part(
      `SELECT 'lot', json_array(${lotColumns}) FROM lots
       WHERE account_id IN (SELECT value FROM json_each(?)) AND is_open = 0`,
      list(wanted.spentLotsOf),
    );
  }
  if (wanted.autoTopUpsOf.length > 0) {
    for (const { sql, args: values } of autoTopUpParts(wanted.autoTopUpsOf, wanted.dueUntil)) {
      part(sql, ...values);
    }
  }
  const { rows } = await db.read({ sql: parts.join("\nUNION ALL "), args });
  return factsFromRows(rows as unknown as { kind: string; row: string }[], wanted);
}

function factsFromRows(rows: readonly { kind: string; row: string }[], wanted: FactsWanted): Facts {
  const accounts: AccountRow[] = [];
  const lots: [string, Lot][] = [];
  const scans = new Map<string, Scan>();
  const targets: TargetRow[] = [];
  const postings: PostingRow[] = [];
  const topUps: TopUpRow[] = [];
  const refunds: RefundRow[] = [];
  const disputes: DisputeRow[] = [];
  const documents: InvoiceRow[] = [];
  const autoTopUps = new AutoTopUpRows();
  let due = 0;
  let listeningSince = 0;
  for (const { kind, row } of rows) {
    const values = JSON.parse(row) as unknown[];
    if (autoTopUps.take(kind, values)) continue;
    if (kind === "account") accounts.push(accountFromRow(values));
    else if (kind === "lot") lots.push([values[1] as string, lotFromRow(values)]);
    else if (kind === "scan" || kind === "due") {
      const scan = scanFromRow(values);
      scans.set(scan.id, scan);
      if (kind === "due") due += 1;
    } else if (kind === "target") {
      const [id, accountId, mode, isArchived] = values;
      targets.push({ id, accountId, mode, isArchived: isArchived === 1 } as unknown as TargetRow);
    } else if (kind === "top_up") {
      topUps.push(topUpFromRow(values));
    } else if (kind === "refund") {
      refunds.push(refundFromRow(values));
    } else if (kind === "dispute") {
      disputes.push(disputeFromRow(values));
    } else if (kind === "document") {
      documents.push(documentFromRow(values));
    } else if (kind === "posting") {
      const [accountId, key, version, fingerprint] = values;
      postings.push({ accountId, key, version, fingerprint } as unknown as PostingRow);
    } else {
      listeningSince = values[0] as number;
    }
  }
  return {
    accounts,
    lots,
    scans: [...scans.values()],
    targets,
    postings,
    topUps,
    // As they came to be known, on a file as on a server.
    refunds: refunds.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    disputes: disputes.sort((a, b) => a.firstSeenAt - b.firstSeenAt || (a.id < b.id ? -1 : 1)),
    documents: documents.sort((a, b) => (a.number < b.number ? -1 : 1)),
    autoTopUps,
    hasMoreDue: due === wanted.dueLimit,
    listeningSince: listeningSince as Instant,
  };
}

/** One account's books with the hash its next posting is chained to. */
export interface BookedAccount {
  readonly books: Journal;
  readonly chainHash: string;
}

const appendPostings = `INSERT INTO postings (id, account_id, version, kind, key, fingerprint, booked_at,
  recorded_at, scan_id, hour, reverses, reason, balance_after, debt_after, hash, top_up_id,
  asked_by)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13,
    value ->> 14, value ->> 15, value ->> 16
  FROM json_each(?)`;

const appendEntries = `INSERT INTO entries (posting_id, position, from_account, to_account, amount, lot_id)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
  FROM json_each(?)`;

const appendExtensions = `INSERT INTO extensions (posting_id, lot_id, old_expires_at, new_expires_at)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`;

const addLots = `INSERT INTO lots (${lotColumns}, is_open)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, value ->> 9, (value ->> 5) > 0
  FROM json_each(?)`;

const addScans = `INSERT INTO scans (${scanColumns})
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13,
    value ->> 14, value ->> 15, value ->> 16, value ->> 17, value ->> 18, value ->> 19, value ->> 20
  FROM json_each(?)`;

const moveScans = `UPDATE scans SET state = m.value ->> 1, paused_for = m.value ->> 2,
    active_ms = m.value ->> 3, active_since = m.value ->> 4, hours = m.value ->> 5,
    last_seen_at = m.value ->> 6, waiting_since = m.value ->> 7, ended_at = m.value ->> 8,
    ended_by = m.value ->> 9, end_reason = m.value ->> 10, next_due_at = m.value ->> 11,
    revision = m.value ->> 12
  FROM json_each(?) m WHERE scans.id = m.value ->> 0`;

/**
 * The statements that append everything the books of a group hold; none when nothing changed. Lots
 * and accounts follow by themselves: triggers apply each entry to its lot and each posting to its
 * account, so what they hold is what was booked, and nothing else can move them.
 */
export function appendStatements(group: readonly BookedAccount[]): InStatement[] {
  const postings: Json[] = [];
  const entries: Json[] = [];
  const extensions: Json[] = [];
  const newLots: Json[] = [];
  const newScans: Json[] = [];
  const movedScans: Json[] = [];
  for (const { books, chainHash: previous } of group) {
    const accountId = books.account.id;
    let hash = previous;
    for (const posting of books.postings) {
      hash = chainHash(hash, posting);
      const id = mintPostingId();
      postings.push(postingToRow(id, posting, hash));
      posting.entries.forEach(({ from, to, amount, lotId }, position) => {
        entries.push([id, position, from, to, amount, lotId]);
      });
      for (const { lotId, oldExpiresAt, newExpiresAt } of posting.extensions) {
        extensions.push([id, lotId, oldExpiresAt, newExpiresAt]);
      }
    }
    for (const lot of books.newLots) newLots.push(lotToRow(accountId, lot));
    for (const id of books.changedScans) {
      const scan = books.scan(id);
      if (scan?.revision === 0) newScans.push(scanToRow(scan));
      else if (scan !== undefined) movedScans.push(scanMovesToRow(scan));
    }
  }
  // Lots before the entries that fill them, and postings before the entries they consist of.
  const statements: [string, Json[]][] = [
    [addLots, newLots],
    [appendPostings, postings],
    [appendEntries, entries],
    [appendExtensions, extensions],
    [addScans, newScans],
    [moveScans, movedScans],
  ];
  return statements
    .filter(([, rows]) => rows.length > 0)
    .map(([sql, rows]) => ({ sql, args: [JSON.stringify(rows)] }));
}

function postingToRow(id: number, posting: Posting, hash: string): Json {
  return [
    id,
    posting.accountId,
    posting.version,
    posting.kind,
    posting.key,
    posting.fingerprint,
    posting.bookedAt,
    posting.recordedAt,
    posting.scanId,
    posting.hour,
    posting.reverses,
    posting.reason,
    posting.balanceAfter,
    posting.debtAfter,
    hash,
    posting.topUpId,
    posting.askedBy,
  ];
}

/** The same for one account that is only looked at: its open lots and what it asked for in advance. */
export async function readAutoTopUp(
  db: Database,
  accountId: string,
  now: Instant,
): Promise<{
  readonly account: Account;
  readonly lots: readonly Lot[];
  readonly known: AutoTopUpKnown;
}> {
  const facts = await readFacts(db, {
    accountIds: [accountId],
    dueUntil: now,
    dueLimit: 1,
    scans: [],
    startKeys: [],
    postingKeys: [],
    targets: [],
    topUps: [],
    moneyOf: [],
    waitingOf: [],
    spentLotsOf: [],
    autoTopUpsOf: [accountId],
  });
  const [account] = facts.accounts;
  const known = facts.autoTopUps.known(accountId);
  if (account === undefined || known === null) throw new Error("A member's account exists.");
  return { account: account.account, lots: facts.lots.map(([, lot]) => lot), known };
}
