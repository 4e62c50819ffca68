import type { InStatement } from "@libsql/client";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/** An event as it lies in the inbox. */
export interface InboxEvent {
  readonly id: string;
  readonly type: string;
  readonly objectId: string;
  readonly paymentIntentId: string | null;
  readonly topUpId: string | null;
  readonly createdAt: number;
  readonly livemode: boolean;
  readonly apiVersion: string | null;
  readonly payload: string;
}

const columns = `id, type, object_id, payment_intent_id, top_up_id, created_at, livemode,
  api_version, payload`;

/** Stores an event once, due at once; one that is there already stays as it is. */
export function addGatewayEvent(event: InboxEvent, receivedAt: number): InStatement {
  return {
    sql: `INSERT INTO gateway_events (${columns}, state, attempts, received_at, next_attempt_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', 0, ?10, ?10) ON CONFLICT (id) DO NOTHING`,
    args: [
      event.id,
      event.type,
      event.objectId,
      event.paymentIntentId,
      event.topUpId,
      event.createdAt,
      event.livemode ? 1 : 0,
      event.apiVersion,
      event.payload,
      receivedAt,
    ],
  };
}

export interface WaitingEvent extends InboxEvent {
  readonly attempts: number;
}

const selected = `id, type, object_id AS objectId, payment_intent_id AS paymentIntentId,
  top_up_id AS topUpId, created_at AS createdAt, livemode, api_version AS apiVersion, payload,
  attempts`;

/** An event that still has to be handled. */
export async function findWaitingEvent(db: Database, id: string): Promise<WaitingEvent | null> {
  const found = await db.read({
    sql: `SELECT ${selected} FROM gateway_events WHERE id = ? AND next_attempt_at IS NOT NULL`,
    args: [id],
  });
  const record = recordsOf<WaitingEvent>(found)[0];
  return record === undefined ? null : { ...record, livemode: Boolean(record.livemode) };
}

export async function listDueEvents(db: Database, until: number, limit: number): Promise<string[]> {
  const { rows } = await db.read({
    sql: `SELECT id FROM gateway_events WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?`,
    args: [until, limit],
  });
  return rows.map((row) => row[0] as string);
}

export function eventHandled(id: string, state: "handled" | "ignored", at: number): InStatement {
  return {
    sql: `UPDATE gateway_events SET state = ?, handled_at = ?, next_attempt_at = NULL
      WHERE id = ? AND next_attempt_at IS NOT NULL`,
    args: [state, at, id],
  };
}

export function eventFailed(id: string, nextAttemptAt: number): InStatement {
  return {
    sql: `UPDATE gateway_events SET state = 'failed', attempts = attempts + 1, next_attempt_at = ?
      WHERE id = ? AND next_attempt_at IS NOT NULL`,
    args: [nextAttemptAt, id],
  };
}
