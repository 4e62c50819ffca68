import type { InStatement } from "@libsql/client";
import type { AccountId, Credits, Instant, Minor, RefundId, TopUpId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import type { Json } from "./rows.ts";

/** Money of a payment that goes back. What only a refund that was started here has is null otherwise. */
export interface RefundRow {
  readonly id: RefundId;
  readonly accountId: AccountId;
  readonly topUpId: TopUpId;
  readonly paymentIntentId: string;
  /** Null until the gateway has answered. */
  readonly gatewayRefundId: string | null;
  readonly amountMinor: Minor;
  readonly currency: string;
  readonly credits: Credits | null;
  /** The gateway's word; `starting` before it has spoken, `refused` when it would not. */
  readonly status: string;
  readonly reason: string | null;
  readonly commandKey: string | null;
  readonly fingerprint: string | null;
  readonly key: string | null;
  readonly params: string | null;
  readonly firstSentAt: Instant | null;
  readonly nextStepAt: Instant | null;
  readonly createdAt: Instant;
  /** When what it says was asked for; older news does not count. */
  readonly updatedAt: Instant;
}

const fields = [
  "id",
  "accountId",
  "topUpId",
  "paymentIntentId",
  "gatewayRefundId",
  "amountMinor",
  "currency",
  "credits",
  "status",
  "reason",
  "commandKey",
  "fingerprint",
  "key",
  "params",
  "firstSentAt",
  "nextStepAt",
  "createdAt",
  "updatedAt",
] as const satisfies readonly (keyof RefundRow)[];

export const refundColumns = `id, account_id, top_up_id, payment_intent_id, gateway_refund_id,
  amount_minor, currency, credits, status, reason, command_key, fingerprint, key, params,
  first_sent_at, next_step_at, created_at, updated_at`;

export function refundFromRow(row: ArrayLike<unknown>): RefundRow {
  return Object.fromEntries(fields.map((field, at) => [field, row[at]])) as unknown as RefundRow;
}

const values = fields.map((_, at) => `value ->> ${at}`).join(", ");

/** Stores refunds as they now are. What they are about never changes; what became of them does. */
export function putRefunds(refunds: readonly RefundRow[]): InStatement {
  const rows: Json[] = refunds.map((refund) => fields.map((field) => refund[field]));
  return {
    // The WHERE keeps the parser from taking ON for the condition of a join.
    sql: `INSERT INTO refunds (${refundColumns}) SELECT ${values} FROM json_each(?) WHERE true
      ON CONFLICT (id) DO UPDATE SET gateway_refund_id = excluded.gateway_refund_id,
        status = excluded.status, first_sent_at = excluded.first_sent_at,
        next_step_at = excluded.next_step_at, updated_at = excluded.updated_at`,
    args: [JSON.stringify(rows)],
  };
}

export async function findRefund(db: Database, refundId: string): Promise<RefundRow | null> {
  return findOne(db, "id = ?", refundId);
}

/** The refund a command started, by the key whoever gave the command chose. */
export async function findRefundOfCommand(
  db: Database,
  commandKey: string,
): Promise<RefundRow | null> {
  return findOne(db, "command_key = ?", commandKey);
}

async function findOne(db: Database, where: string, value: string): Promise<RefundRow | null> {
  const { rows } = await db.read({
    sql: `SELECT ${refundColumns} FROM refunds WHERE ${where}`,
    args: [value],
  });
  return rows[0] === undefined ? null : refundFromRow(rows[0]);
}

/** In the order in which they came to be known. */
export async function listRefundsOfTopUps(
  db: Database,
  topUpIds: readonly string[],
): Promise<RefundRow[]> {
  const { rows } = await db.read({
    sql: `SELECT ${refundColumns} FROM refunds
      WHERE top_up_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, id`,
    args: [JSON.stringify(topUpIds)],
  });
  return rows.map(refundFromRow);
}

/** Refunds to which something is owed by now, the longest overdue first. */
export async function listDueRefunds(
  db: Database,
  until: number,
  limit: number,
): Promise<RefundId[]> {
  const { rows } = await db.read({
    sql: "SELECT id FROM refunds WHERE next_step_at <= ? ORDER BY next_step_at, id LIMIT ?",
    args: [until, limit],
  });
  return rows.map((row) => row[0] as RefundId);
}

/**
 * Takes on what is owed to a refund by now, and says when to ask again if no answer comes. No row is
 * affected if somebody else has taken it on, or if it has its answer.
 */
export function takeRefundOn(
  refundId: string,
  { at, nextStepAt }: { readonly at: Instant; readonly nextStepAt: Instant },
): InStatement {
  return {
    sql: `UPDATE refunds SET first_sent_at = coalesce(first_sent_at, ?2), next_step_at = ?3
      WHERE id = ?1 AND next_step_at <= ?2`,
    args: [refundId, at, nextStepAt],
  };
}
