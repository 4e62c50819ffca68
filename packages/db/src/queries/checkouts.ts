import type { InStatement } from "@libsql/client";
import type { AccountId, CheckoutId, TopUpId } from "@scanmeter/core";
import type { Database } from "../client.ts";

export interface Checkout {
  readonly id: CheckoutId;
  readonly accountId: AccountId;
  readonly idempotencyKey: string;
  /** What it was opened with; `quantity` is what it has become. */
  readonly openedQuantity: number;
  readonly quantity: number;
  readonly paymentMethodId: string | null;
  readonly keepsCard: boolean;
  readonly cardPageId: string | null;
  readonly topUpId: TopUpId | null;
  readonly status: "open" | "complete" | "canceled";
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** As it was read, 0 for a new one; the database refuses a write that read an older one. */
  readonly revision: number;
}

const columns = `id, account_id, idempotency_key, opened_quantity, quantity, payment_method_id, keeps_card,
  card_page_id, top_up_id, status, created_at, ended_at, revision`;

function fromRow(row: ArrayLike<unknown>): Checkout {
  return {
    id: row[0] as CheckoutId,
    accountId: row[1] as AccountId,
    idempotencyKey: row[2] as string,
    openedQuantity: row[3] as number,
    quantity: row[4] as number,
    paymentMethodId: row[5] as string | null,
    keepsCard: row[6] === 1,
    cardPageId: row[7] as string | null,
    topUpId: row[8] as TopUpId | null,
    status: row[9] as Checkout["status"],
    createdAt: row[10] as number,
    endedAt: row[11] as number | null,
    revision: row[12] as number,
  };
}

export function insertCheckout(checkout: Checkout): InStatement {
  return {
    sql: `INSERT INTO checkouts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    args: [
      checkout.id,
      checkout.accountId,
      checkout.idempotencyKey,
      checkout.openedQuantity,
      checkout.quantity,
      checkout.paymentMethodId,
      checkout.keepsCard ? 1 : 0,
      checkout.cardPageId,
      checkout.topUpId,
      checkout.status,
      checkout.createdAt,
      checkout.endedAt,
    ],
  };
}

export function updateCheckout(checkout: Checkout): InStatement {
  return {
    sql: `UPDATE checkouts SET quantity = ?, payment_method_id = ?, keeps_card = ?,
      card_page_id = ?, top_up_id = ?, status = ?, ended_at = ?, revision = ?
      WHERE id = ?`,
    args: [
      checkout.quantity,
      checkout.paymentMethodId,
      checkout.keepsCard ? 1 : 0,
      checkout.cardPageId,
      checkout.topUpId,
      checkout.status,
      checkout.endedAt,
      checkout.revision + 1,
      checkout.id,
    ],
  };
}

/** Ends the open checkout that made a purchase, in the same write that settles it. */
export function completeCheckoutOf(topUpId: string, at: number): InStatement {
  return {
    sql: `UPDATE checkouts SET status = 'complete', ended_at = ?, revision = revision + 1
      WHERE top_up_id = ? AND status = 'open'`,
    args: [at, topUpId],
  };
}

async function find(db: Database, where: string, args: string[]): Promise<Checkout | null> {
  const { rows } = await db.read({ sql: `SELECT ${columns} FROM checkouts WHERE ${where}`, args });
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

export function findCheckout(db: Database, accountId: string, id: string) {
  return find(db, "account_id = ? AND id = ?", [accountId, id]);
}

export function findCheckoutByKey(db: Database, accountId: string, idempotencyKey: string) {
  return find(db, "account_id = ? AND idempotency_key = ?", [accountId, idempotencyKey]);
}

export function findCheckoutOfTopUp(db: Database, topUpId: string) {
  return find(db, "top_up_id = ? ORDER BY id DESC LIMIT 1", [topUpId]);
}

export function findCheckoutOfCardPage(db: Database, cardPageId: string) {
  return find(db, "card_page_id = ?", [cardPageId]);
}
