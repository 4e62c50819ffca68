import type { InStatement } from "@libsql/client";
import type { AccountId, Credits, Instant, LotId, Minor, TopUpId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import { type Json, recordsOf } from "./rows.ts";

export interface DisputeRow {
  /** The gateway's. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly topUpId: TopUpId;
  readonly paymentIntentId: string;
  readonly amountMinor: Minor;
  readonly currency: string;
  /** The gateway's word. */
  readonly status: string;
  readonly firstSeenAt: Instant;
  /** When what it says was asked for; older news does not count. */
  readonly updatedAt: Instant;
}

const fields = [
  "id",
  "accountId",
  "topUpId",
  "paymentIntentId",
  "amountMinor",
  "currency",
  "status",
  "firstSeenAt",
  "updatedAt",
] as const satisfies readonly (keyof DisputeRow)[];

export const disputeColumns = `id, account_id, top_up_id, payment_intent_id, amount_minor, currency,
  status, first_seen_at, updated_at`;

export function disputeFromRow(row: ArrayLike<unknown>): DisputeRow {
  return Object.fromEntries(fields.map((field, at) => [field, row[at]])) as unknown as DisputeRow;
}

const values = fields.map((_, at) => `value ->> ${at}`).join(", ");

export function putDisputes(disputes: readonly DisputeRow[]): InStatement {
  const rows: Json[] = disputes.map((dispute) => fields.map((field) => dispute[field]));
  return {
    // The WHERE keeps the parser from taking ON for the condition of a join.
    sql: `INSERT INTO disputes (${disputeColumns}) SELECT ${values} FROM json_each(?) WHERE true
      ON CONFLICT (id) DO UPDATE SET amount_minor = excluded.amount_minor,
        status = excluded.status, updated_at = excluded.updated_at`,
    args: [JSON.stringify(rows)],
  };
}

/** In the order in which they came to be known. */
export async function listDisputesOfTopUps(
  db: Database,
  topUpIds: readonly string[],
): Promise<DisputeRow[]> {
  const { rows } = await db.read({
    sql: `SELECT ${disputeColumns} FROM disputes
      WHERE top_up_id IN (SELECT value FROM json_each(?)) ORDER BY first_seen_at, id`,
    args: [JSON.stringify(topUpIds)],
  });
  return rows.map(disputeFromRow);
}

/** What is frozen of an account's lots, and for which dispute about which purchase. */
export interface HeldCredits {
  readonly topUpId: TopUpId;
  readonly disputeId: string;
  readonly lotId: LotId;
  readonly amount: Credits;
}

export async function listHolds(db: Database, accountId: string): Promise<HeldCredits[]> {
  const found = await db.read({
    sql: `SELECT t.id AS topUpId, hold.value ->> 'disputeId' AS disputeId,
        draw.value ->> 'lotId' AS lotId, draw.value ->> 'amount' AS amount
      FROM top_ups t, json_each(t.reversed, '$.holds') hold, json_each(hold.value, '$.draws') draw
      WHERE t.account_id = ? ORDER BY t.id, hold.key, draw.key`,
    args: [accountId],
  });
  return recordsOf<HeldCredits>(found);
}
