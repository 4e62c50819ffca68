import type { InStatement } from "@libsql/client";
import type { AccountId, Instant, WhenOutOfCredits } from "@scanmeter/core";
import type { AccountSettings } from "@scanmeter/core/team";
import { CHAIN_START } from "../chain.ts";
import type { Database } from "../client.ts";

export interface AccountDetails {
  readonly id: AccountId;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly version: number;
  readonly whenOutOfCredits: WhenOutOfCredits;
}

/** Of an account that a statement calls `a`. */
export const detailsColumns =
  "a.id, a.name, a.time_zone, a.currency, a.version, a.when_out_of_credits";

export function detailsFromRow(row: ArrayLike<unknown>): AccountDetails {
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

/** An account and its owner appear together; a user who opened one already makes the batch fail. */
export function insertAccount(account: NewAccount): InStatement[] {
  return [
    {
      sql: `INSERT INTO accounts (id, name, time_zone, currency, version, balance, debt,
        when_out_of_credits, chain_hash, created_at, opened_by)
        VALUES (?, ?, ?, ?, 0, 0, 0, 'pause', ?, ?, ?)`,
      args: [
        account.id,
        account.name,
        account.timeZone,
        account.currency,
        CHAIN_START,
        account.createdAt,
        account.ownerId,
      ],
    },
    {
      sql: "INSERT INTO members (user_id, account_id, role) VALUES (?, ?, 'owner')",
      args: [account.ownerId, account.id],
    },
  ];
}

/**
 * By account id, or by the email address of a member: those they own, the one they opened first, and else
 * those they act for; for operators.
 */
export async function listAccountsMeant(
  db: Database,
  idOrEmail: string,
): Promise<AccountDetails[]> {
  const { rows } = await db.read({
    sql: `SELECT ${detailsColumns}, them.role = 'owner' FROM accounts a LEFT JOIN (
          SELECT m.account_id, m.user_id, m.role FROM members m JOIN auth_user u ON u.id = m.user_id
          WHERE u.email = lower(?1)) them ON them.account_id = a.id
      WHERE a.id = ?1 OR them.account_id IS NOT NULL
      ORDER BY a.opened_by IS them.user_id DESC, a.id`,
    args: [idOrEmail],
  });
  const owned = rows.filter((row) => row[6] === 1);
  return (owned.length > 0 ? owned : rows).map(detailsFromRow);
}

/** The first of those. */
export async function findAccount(db: Database, idOrEmail: string): Promise<AccountDetails | null> {
  const [first] = await listAccountsMeant(db, idOrEmail);
  return first ?? null;
}

export function updateWhenOutOfCredits(accountId: string, value: WhenOutOfCredits): InStatement {
  return {
    sql: "UPDATE accounts SET when_out_of_credits = ? WHERE id = ?",
    args: [value, accountId],
  };
}

/** What changing an account's settings is decided by. */
export async function findSettingsFacts(
  db: Database,
  accountId: string,
): Promise<{ readonly currency: string; readonly hasBought: boolean } | null> {
  const { rows } = await db.read({
    sql: `SELECT currency, EXISTS (SELECT 1 FROM top_ups t WHERE t.account_id = a.id
          AND t.state NOT IN ('expired', 'canceled', 'failed')) FROM accounts a WHERE a.id = ?`,
    args: [accountId],
  });
  const row = rows[0];
  return row === undefined ? null : { currency: row[0] as string, hasBought: row[1] === 1 };
}

export function updateSettings(accountId: string, settings: AccountSettings): InStatement {
  const { name, timeZone, currency } = settings;
  return {
    sql: "UPDATE accounts SET name = ?, time_zone = ?, currency = ? WHERE id = ?",
    args: [name, timeZone, currency, accountId],
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
