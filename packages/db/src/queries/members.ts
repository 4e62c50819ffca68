/**
 * Who acts for which account. A session acts for the account that was chosen in it, or last before it
 * began; where none was, or the person is no longer a member there, for the one they opened, and else for
 * the oldest.
 */
import type { InStatement } from "@libsql/client";
import type { AccountId } from "@scanmeter/core";
import type { Role } from "@scanmeter/core/team";
import type { Database } from "../client.ts";
import { type AccountDetails, detailsColumns, detailsFromRow } from "./accounts.ts";
import { recordsOf } from "./rows.ts";

export type { Role } from "@scanmeter/core/team";

export interface Membership {
  readonly account: AccountDetails;
  readonly role: Role;
}

/** A person in one of their sessions. */
export interface Acting {
  readonly userId: string;
  readonly sessionToken: string;
}

export interface OwnAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly role: Role;
}

/** Of a membership `m` in account `a`, for the account that was chosen, if one was. */
const actingOrder = (userId: string, chosen: string) =>
  `m.account_id = ${chosen} DESC, a.opened_by IS ${userId} DESC, a.created_at, m.account_id`;

const chosenIn = "(SELECT active_account_id FROM auth_session WHERE token = ?2 AND user_id = ?1)";

/** The account somebody acts for in a session; without one, where nothing was chosen. */
export async function findMembership(
  db: Database,
  userId: string,
  { sessionToken }: { readonly sessionToken?: string } = {},
): Promise<Membership | null> {
  const { rows } = await db.read({
    sql: `SELECT ${detailsColumns}, m.role FROM members m JOIN accounts a ON a.id = m.account_id
      WHERE m.user_id = ?1 ORDER BY ${actingOrder("?1", chosenIn)} LIMIT 1`,
    args: [userId, sessionToken ?? null],
  });
  const row = rows[0];
  return row === undefined ? null : { account: detailsFromRow(row), role: row[6] as Role };
}

/** All of somebody's accounts, the one the session acts for first. */
export async function listOwnAccounts(db: Database, acting: Acting): Promise<OwnAccount[]> {
  const found = await db.read({
    sql: `SELECT a.id, a.name, m.role FROM members m JOIN accounts a ON a.id = m.account_id
      WHERE m.user_id = ?1 ORDER BY ${actingOrder("?1", chosenIn)}`,
    args: [acting.userId, acting.sessionToken],
  });
  return recordsOf<OwnAccount>(found);
}

/** The names of those who may do everything for an account, those who signed up first before others. */
export async function listOwnerNames(
  db: Database,
  accountId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT u.name FROM members m JOIN auth_user u ON u.id = m.user_id
      WHERE m.account_id = ? AND m.role = 'owner' ORDER BY u.created_at, u.id LIMIT ?`,
    args: [accountId, limit],
  });
  return rows.map((row) => row[0] as string);
}

/** The account each of these sessions acts for; one that is over, or whose person has none, is missing. */
export async function listActing(
  db: Database,
  sessionTokens: readonly string[],
  now: number,
): Promise<Map<string, string>> {
  const { rows } = await db.read({
    sql: `SELECT token, account_id FROM (SELECT s.token, m.account_id, row_number() OVER (
          PARTITION BY s.token ORDER BY ${actingOrder("s.user_id", "s.active_account_id")}) AS place
        FROM auth_session s JOIN members m ON m.user_id = s.user_id JOIN accounts a ON a.id = m.account_id
        WHERE s.token IN (SELECT value FROM json_each(?)) AND s.expires_at > ?) WHERE place = 1`,
    args: [JSON.stringify(sessionTokens), now],
  });
  return new Map(rows.map((row) => [row[0] as string, row[1] as string]));
}

/** For this session and for those that begin from now on; nothing for an account they do not act for. */
export function chooseAccount({ userId, sessionToken }: Acting, accountId: string): InStatement[] {
  const isTheirs = "EXISTS (SELECT 1 FROM members WHERE account_id = ?1 AND user_id = ?2)";
  return [
    {
      sql: `UPDATE auth_session SET active_account_id = ?1 WHERE token = ?3 AND user_id = ?2 AND ${isTheirs}`,
      args: [accountId, userId, sessionToken],
    },
    {
      sql: `UPDATE auth_user SET last_account_id = ?1 WHERE id = ?2 AND ${isTheirs}`,
      args: [accountId, userId],
    },
  ];
}
