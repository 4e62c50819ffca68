import type { InStatement } from "@libsql/client";
import type { AccountId, Instant, WhenOutOfCredits } from "@scanmeter/core";
import { CHAIN_START } from "../chain.ts";
import type { Database } from "../client.ts";

export type Role = "owner" | "billing" | "member";

export interface AccountDetails {
  readonly id: AccountId;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly version: number;
  readonly whenOutOfCredits: WhenOutOfCredits;
}

export interface Membership {
  readonly account: AccountDetails;
  readonly role: Role;
}

const columns = "a.id, a.name, a.time_zone, a.currency, a.version, a.when_out_of_credits";

function detailsFromRow(row: ArrayLike<unknown>): AccountDetails {
  return {
    id: row[0] as AccountId,
    name: row[1] as string,
    timeZone: row[2] as string,
    currency: row[3] as string,
    version: row[4] as number,
    whenOutOfCredits: row[5] as WhenOutOfCredits,
  };
}

export interface NewAccount {
  readonly id: AccountId;
  readonly ownerId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly createdAt: Instant;
}

/** An account and its owner appear together; a user who has one already makes the batch fail. */
export function insertAccount(account: NewAccount): InStatement[] {
  return [
    {
      sql: `INSERT INTO accounts (id, name, time_zone, currency, version, balance, debt,
        when_out_of_credits, chain_hash, created_at) VALUES (?, ?, ?, ?, 0, 0, 0, 'pause', ?, ?)`,
      args: [
        account.id,
        account.name,
        account.timeZone,
        account.currency,
        CHAIN_START,
        account.createdAt,
      ],
    },
    {
      sql: "INSERT INTO members (user_id, account_id, role) VALUES (?, ?, 'owner')",
      args: [account.ownerId, account.id],
    },
  ];
}

export async function findMembership(db: Database, userId: string): Promise<Membership | null> {
  const { rows } = await db.read({
    sql: `SELECT ${columns}, m.role FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.user_id = ?`,
    args: [userId],
  });
  const row = rows[0];
  return row === undefined ? null : { account: detailsFromRow(row), role: row[6] as Role };
}

/** By account id or by the email address of a member; for operators. */
export async function findAccount(db: Database, idOrEmail: string): Promise<AccountDetails | null> {
  const { rows } = await db.read({
    sql: `SELECT ${columns} FROM accounts a WHERE a.id = ?1 OR a.id IN (
        SELECT m.account_id FROM members m JOIN auth_user u ON u.id = m.user_id WHERE u.email = lower(?1))`,
    args: [idOrEmail],
  });
  return rows[0] === undefined ? null : detailsFromRow(rows[0]);
}

export function updateWhenOutOfCredits(accountId: string, value: WhenOutOfCredits): InStatement {
  return {
    sql: "UPDATE accounts SET when_out_of_credits = ? WHERE id = ?",
    args: [value, accountId],
  };
}

/** The newest versions, for healing live feeds that may have missed a notice. */
export async function listVersions(
  db: Database,
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await db.read({
    sql: "SELECT id, version FROM accounts WHERE id IN (SELECT value FROM json_each(?))",
    args: [JSON.stringify(accountIds)],
  });
  return new Map(rows.map((row) => [row[0] as string, row[1] as number]));
}
