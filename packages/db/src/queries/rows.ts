/**
 * Rows as the hot path reads and writes them: positional JSON arrays, so that one statement can
 * carry many. Each list of columns stands beside the function that maps it.
 */
import type { ResultSet } from "@libsql/client";
import type { Account, Lot, Scan } from "@scanmeter/core";

/**
 * Rows as plain objects of their named columns, for columns that are named as the type's fields. The
 * rows of a client are not that: each carries the positions too, one as an array and one as keys.
 */
export function recordsOf<Fields>({ columns, rows }: ResultSet): Fields[] {
  return rows.map(
    (row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])) as Fields,
  );
}

export type Json = string | number | null | readonly Json[];

export const accountColumns = `id, version, balance, debt, when_out_of_credits, chain_hash,
  credit_epoch, low_balance, top_up_at, keeps_expired, looks_asked`;

export interface AccountRow {
  readonly account: Account;
  readonly chainHash: string;
  /** How often a look at the account was asked for. */
  readonly looksAsked: number;
}

export function accountFromRow(row: readonly unknown[]): AccountRow {
  const [id, version, balance, debt, whenOutOfCredits, chainHash] = row;
  const [creditEpoch, lowBalance, topUpAt, keepsExpired, looksAsked] = row.slice(6);
  const standing = { creditEpoch, lowBalance, topUpAt, keepsExpired: keepsExpired === 1 };
  return {
    account: { id, version, balance, debt, whenOutOfCredits, ...standing } as Account,
    chainHash: chainHash as string,
    looksAsked: looksAsked as number,
  };
}

export const lotColumns =
  "id, account_id, kind, source, granted, remaining, effective_at, expires_at, frozen, kept";

export function lotFromRow(row: readonly unknown[]): Lot {
  const [id, , kind, source, granted, remaining, effectiveAt, expiresAt, frozen, kept] = row;
  return { id, kind, source, granted, remaining, frozen, kept, effectiveAt, expiresAt } as Lot;
}

/** A new lot holds nothing yet; the entry of its grant fills it. */
export function lotToRow(accountId: string, lot: Lot): Json {
  const { id, kind, source, granted, effectiveAt, expiresAt } = lot;
  return [id, accountId, kind, source, granted, 0, effectiveAt, expiresAt, 0, 0];
}

export const scanColumns = `id, account_id, target_id, runner_key_id, label, mode, start_key,
  start_fingerprint, state, paused_for, started_at, active_ms, active_since, hours, last_seen_at,
  waiting_since, ended_at, ended_by, end_reason, next_due_at, revision`;

/** The same columns for a statement that joins others. */
export function qualified(columns: string, table: string): string {
  return columns
    .split(",")
    .map((column) => `${table}.${column.trim()}`)
    .join(", ");
}

export function scanFromRow(row: readonly unknown[]): Scan {
  const hours = JSON.parse(row[13] as string) as [number, number, string | null][];
  return {
    id: row[0],
    accountId: row[1],
    targetId: row[2],
    runnerKeyId: row[3],
    label: row[4],
    mode: row[5],
    startKey: row[6],
    startFingerprint: row[7],
    state: row[8],
    pausedFor: row[9],
    startedAt: row[10],
    activeMs: row[11],
    activeSince: row[12],
    hours: hours.map(([version, boundary, lotId]) => ({ version, boundary, lotId })),
    lastSeenAt: row[14],
    waitingSince: row[15],
    endedAt: row[16],
    endedBy: row[17],
    endReason: row[18],
    nextDueAt: row[19],
    revision: row[20],
  } as unknown as Scan;
}

/** The row a new scan becomes. Every write stores one revision more than the one that was read. */
export function scanToRow(scan: Scan): Json {
  return [
    scan.id,
    scan.accountId,
    scan.targetId,
    scan.runnerKeyId,
    scan.label,
    scan.mode,
    scan.startKey,
    scan.startFingerprint,
    scan.state,
    scan.pausedFor,
    scan.startedAt,
    scan.activeMs,
    scan.activeSince,
    hoursToJson(scan),
    scan.lastSeenAt,
    scan.waitingSince,
    scan.endedAt,
    scan.endedBy,
    scan.endReason,
    scan.nextDueAt,
    scan.revision + 1,
  ];
}

/** What of a scan can change after its start, behind its id. */
export function scanMovesToRow(scan: Scan): Json {
  return [
    scan.id,
    scan.state,
    scan.pausedFor,
    scan.activeMs,
    scan.activeSince,
    hoursToJson(scan),
    scan.lastSeenAt,
    scan.waitingSince,
    scan.endedAt,
    scan.endedBy,
    scan.endReason,
    scan.nextDueAt,
    scan.revision + 1,
  ];
}

function hoursToJson(scan: Scan): string {
  return JSON.stringify(
    scan.hours.map(({ version, boundary, lotId }) => [version, boundary, lotId]),
  );
}
