/**
 * When somebody has to look at an account: whether to buy, and whether there is anything to tell. The
 * instant is stored in the commit of whatever may call for it; the queue only wakes.
 */
import type { InStatement } from "@libsql/client";
import type { Instant } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/** Now, or since before if nobody came yet. */
export function askForLooks(accountIds: readonly string[], at: number): InStatement {
  return {
    sql: `UPDATE accounts SET next_look_at = min(coalesce(next_look_at, ?2), ?2),
        looks_asked = looks_asked + 1 WHERE id IN (SELECT value FROM json_each(?1))`,
    args: [JSON.stringify(accountIds), at],
  };
}

/** The next one, unless another was asked for since the account was read. */
export function putNextLook(
  accountId: string,
  look: { readonly nextAt: Instant | null; readonly looksAsked: number },
): InStatement {
  return {
    sql: "UPDATE accounts SET next_look_at = ?2 WHERE id = ?1 AND looks_asked = ?3",
    args: [accountId, look.nextAt, look.looksAsked],
  };
}

/** Lets an account that could not be looked at be due again later, so that it hides no other. */
export function putOffLook(
  accountId: string,
  { at, until }: { readonly at: Instant; readonly until: Instant },
): InStatement {
  return {
    sql: "UPDATE accounts SET next_look_at = ?3 WHERE id = ?1 AND next_look_at <= ?2",
    args: [accountId, at, until],
  };
}

export interface DueLook {
  readonly accountId: string;
  /** Another number is another look. */
  readonly looksAsked: number;
}

/** Accounts to look at by now, the longest overdue first. */
export async function listDueLooks(db: Database, until: number, limit: number): Promise<DueLook[]> {
  const found = await db.read({
    sql: `SELECT id AS accountId, looks_asked AS looksAsked FROM accounts
      WHERE next_look_at <= ? ORDER BY next_look_at LIMIT ?`,
    args: [until, limit],
  });
  return recordsOf<DueLook>(found);
}

export interface LookDueAt {
  readonly accountId: string;
  readonly dueAt: Instant;
}

/** Looks in a range of time, for arming their wake-ups; pages go on behind the account's id. */
export async function listLooksDueBetween(
  db: Database,
  range: { readonly from: Instant; readonly until: Instant; readonly afterId: string },
  limit: number,
): Promise<LookDueAt[]> {
  const found = await db.read({
    sql: `SELECT id AS accountId, next_look_at AS dueAt FROM accounts INDEXED BY accounts_to_look_at
      WHERE next_look_at > ? AND next_look_at <= ? AND id > ? ORDER BY id LIMIT ?`,
    args: [range.from, range.until, range.afterId, limit],
  });
  return recordsOf<LookDueAt>(found);
}

/** Every renewal that is armed, a year ahead if need be, for arming a queue that lost them. */
export async function listArmedRenewals(
  db: Database,
  page: { readonly from: Instant; readonly afterId: string; readonly limit: number },
): Promise<LookDueAt[]> {
  const found = await db.read({
    sql: `SELECT account_id AS accountId, renewal_due_at AS dueAt FROM auto_top_ups
      WHERE renewal_due_at > ? AND enabled = 1 AND account_id > ? ORDER BY account_id LIMIT ?`,
    args: [page.from, page.afterId, page.limit],
  });
  return recordsOf<LookDueAt>(found);
}

export interface KeptUntil {
  readonly accountId: string;
  readonly expiresAt: Instant;
}

/** Accounts with credits that are kept past their date, each with the first such date. */
export async function listKeptLots(
  db: Database,
  page: { readonly afterId: string; readonly limit: number },
): Promise<KeptUntil[]> {
  const found = await db.read({
    sql: `SELECT account_id AS accountId, min(expires_at) AS expiresAt FROM lots INDEXED BY lots_open
      WHERE is_open = 1 AND kept > 0 AND account_id > ? GROUP BY account_id ORDER BY account_id LIMIT ?`,
    args: [page.afterId, page.limit],
  });
  return recordsOf<KeptUntil>(found);
}

/** The earliest instant after now at which an account is to be looked at. */
export async function findNextLookAt(db: Database, after: Instant): Promise<Instant | null> {
  const { rows } = await db.read({
    sql: "SELECT min(next_look_at) FROM accounts WHERE next_look_at > ?",
    args: [after],
  });
  return (rows[0]?.[0] as Instant | null | undefined) ?? null;
}
