import type { InStatement } from "@libsql/client";
import type { AccountId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface PaymentMethod {
  readonly id: string;
  readonly accountId: AccountId;
  readonly customerId: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly fingerprint: string | null;
  readonly isDefault: boolean;
}

/** A card as it is saved; whether it is the default is decided by those that are there. */
export type NewPaymentMethod = Omit<PaymentMethod, "isDefault">;

const columns = `id, account_id AS accountId, customer_id AS customerId, brand, last4,
  exp_month AS expMonth, exp_year AS expYear, fingerprint, is_default AS isDefault`;

function fromRecord(record: PaymentMethod): PaymentMethod {
  return { ...record, isDefault: Boolean(record.isDefault) };
}

/**
 * Saves a card, or its newer expiry; an account's first card becomes its default. A card that was
 * removed stays removed: the gateway was told to let go of it, and then it never pays again.
 */
export function savePaymentMethod(card: NewPaymentMethod, at: number): InStatement {
  return {
    sql: `INSERT INTO payment_methods (id, account_id, customer_id, brand, last4, exp_month, exp_year,
        fingerprint, is_default, default_since, created_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, is_first, iif(is_first, ?9, NULL), ?9 FROM (SELECT NOT
        EXISTS (SELECT 1 FROM payment_methods WHERE account_id = ?2 AND is_default = 1) AS is_first)
      WHERE true ON CONFLICT (id) DO UPDATE SET brand = excluded.brand, last4 = excluded.last4,
        exp_month = excluded.exp_month, exp_year = excluded.exp_year
        WHERE payment_methods.account_id = excluded.account_id`,
    args: [
      card.id,
      card.accountId,
      card.customerId,
      card.brand,
      card.last4,
      card.expMonth,
      card.expYear,
      card.fingerprint,
      at,
    ],
  };
}

/** One batch: the old default steps back before the new one steps forward, if that is still there. */
export function makeDefault(accountId: string, id: string, at: number): InStatement[] {
  return [
    {
      sql: `UPDATE payment_methods SET is_default = 0, default_since = NULL
        WHERE account_id = ?1 AND is_default = 1 AND id <> ?2 AND EXISTS (SELECT 1
          FROM payment_methods WHERE account_id = ?1 AND id = ?2 AND removed_at IS NULL)`,
      args: [accountId, id],
    },
    {
      sql: `UPDATE payment_methods SET is_default = 1, default_since = ?3
        WHERE account_id = ?1 AND id = ?2 AND removed_at IS NULL AND is_default = 0`,
      args: [accountId, id, at],
    },
  ];
}

/** The newest other card takes over as default, so that one is always there if any is. */
export function removePaymentMethod(accountId: string, id: string, at: number): InStatement[] {
  return [
    {
      sql: `UPDATE payment_methods SET removed_at = ?, is_default = 0, default_since = NULL
        WHERE account_id = ? AND id = ? AND removed_at IS NULL`,
      args: [at, accountId, id],
    },
    { sql: newestBecomesDefault("?1"), args: [accountId, at] },
  ];
}

/** The gateway let go of it, on our word or on its own. */
export function noteDetached(id: string, at: number): InStatement[] {
  const owner = "(SELECT account_id FROM payment_methods WHERE id = ?1)";
  return [
    {
      sql: `UPDATE payment_methods SET detached_at = coalesce(detached_at, ?1),
        removed_at = coalesce(removed_at, ?1), is_default = 0, default_since = NULL WHERE id = ?2`,
      args: [at, id],
    },
    { sql: newestBecomesDefault(owner), args: [id, at] },
  ];
}

/** The customer is gone at the gateway, and with it whatever it held. */
export function noteAllDetached(
  { accountId, customerId }: { readonly accountId: string; readonly customerId: string },
  at: number,
): InStatement[] {
  return [
    {
      sql: `UPDATE payment_methods SET detached_at = coalesce(detached_at, ?3),
        removed_at = coalesce(removed_at, ?3), is_default = 0, default_since = NULL
        WHERE account_id = ?1 AND customer_id = ?2`,
      args: [accountId, customerId, at],
    },
    { sql: newestBecomesDefault("?1"), args: [accountId, at] },
  ];
}

function newestBecomesDefault(accountId: string): string {
  return `UPDATE payment_methods SET is_default = 1, default_since = ?2 WHERE id = (
      SELECT id FROM payment_methods WHERE account_id = ${accountId} AND removed_at IS NULL
      ORDER BY created_at DESC, id DESC LIMIT 1)
    AND NOT EXISTS (
      SELECT 1 FROM payment_methods WHERE account_id = ${accountId} AND is_default = 1)`;
}

/** Removed here and not yet let go of by the gateway. */
export async function listCardsToDetach(db: Database, limit: number): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT id FROM payment_methods WHERE removed_at IS NOT NULL AND detached_at IS NULL
      ORDER BY removed_at LIMIT ?`,
    args: [limit],
  });
  return rows.map((row) => row[0] as string);
}

export async function listPaymentMethods(
  db: Database,
  accountId: string,
): Promise<PaymentMethod[]> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM payment_methods WHERE account_id = ? AND removed_at IS NULL
      ORDER BY is_default DESC, created_at DESC, id`,
    args: [accountId],
  });
  return recordsOf<PaymentMethod>(found).map(fromRecord);
}

export async function findPaymentMethod(
  db: Database,
  accountId: string,
  id: string,
): Promise<PaymentMethod | null> {
  const found = await db.read({
    sql: `SELECT ${columns} FROM payment_methods
      WHERE account_id = ? AND id = ? AND removed_at IS NULL`,
    args: [accountId, id],
  });
  const record = recordsOf<PaymentMethod>(found)[0];
  return record === undefined ? null : fromRecord(record);
}

/** Whose card it is, removed or not; by the gateway's id of it. */
export async function findAccountOfCard(db: Database, id: string): Promise<string | null> {
  const { rows } = await db.read({
    sql: "SELECT account_id FROM payment_methods WHERE id = ?",
    args: [id],
  });
  return (rows[0]?.[0] as string | undefined) ?? null;
}
