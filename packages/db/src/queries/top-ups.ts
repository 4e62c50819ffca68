import type { InStatement } from "@libsql/client";
import { type Instant, requote, type TopUpId } from "@scanmeter/core";
import type {
  BillingDetails,
  MoneySettlement,
  Receipt,
  Reversed,
  TopUp,
} from "@scanmeter/core/purchase";
import type { Database } from "../client.ts";
import { type Json, recordsOf } from "./rows.ts";

/** How a card reads on pages and documents. */
export interface CardLabel {
  readonly brand: string;
  readonly last4: string;
}

/** A purchase with what is kept beside its state. */
export interface TopUpRow {
  readonly topUp: TopUp;
  readonly billing: BillingDetails;
  /** The card that was last tried. */
  readonly card: CardLabel | null;
  readonly receipt: Receipt | null;
  readonly settlement: MoneySettlement;
  readonly reversed: Reversed | null;
  /** The agreement an automatic purchase stands on; null for one by hand. */
  readonly consentId: string | null;
}

/** States in which something may still become of a purchase, as a list for SQL. */
export const statesUnderWay =
  "('draft', 'awaiting_payment', 'charging', 'retry_wait', 'action_required', 'processing')";

export const topUpColumns = `id, account_id, trigger, trigger_key, state, terms, customer_id, livemode,
  payment_intent_id, attempts, closing, redirect_url, failure, differences, created_at, open_until,
  read_at, next_step_at, paid_at, lot_id, billing, card, receipt, settlement, reversed, revision,
  consent_id, ordered_by`;

export function topUpFromRow(row: ArrayLike<unknown>): TopUpRow {
  const json = (at: number) => (row[at] === null ? null : JSON.parse(row[at] as string));
  const terms = json(5);
  const topUp = {
    id: row[0],
    accountId: row[1],
    trigger: row[2],
    triggerKey: row[3],
    state: row[4],
    terms,
    quote: requote(terms),
    customerId: row[6],
    livemode: row[7] === 1,
    paymentIntentId: row[8],
    attempts: json(9),
    closing: json(10),
    redirectUrl: row[11],
    failure: json(12),
    differences: json(13),
    createdAt: row[14],
    openUntil: row[15],
    readAt: row[16],
    nextStepAt: row[17],
    paidAt: row[18],
    lotId: row[19],
    revision: row[25],
    orderedBy: row[27],
  } as unknown as TopUp;
  return {
    topUp,
    billing: json(20),
    card: json(21),
    receipt: json(22),
    settlement: row[23] as MoneySettlement,
    reversed: json(24),
    consentId: row[26] as string | null,
  };
}

function topUpToRow(row: TopUpRow): Json {
  const { topUp, billing, card, receipt, settlement, reversed } = row;
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return [
    topUp.id,
    topUp.accountId,
    topUp.trigger,
    topUp.triggerKey,
    topUp.state,
    json(topUp.terms),
    topUp.customerId,
    topUp.livemode ? 1 : 0,
    topUp.paymentIntentId,
    json(topUp.attempts),
    json(topUp.closing),
    topUp.redirectUrl,
    json(topUp.failure),
    json(topUp.differences),
    topUp.createdAt,
    topUp.openUntil,
    topUp.readAt,
    topUp.nextStepAt,
    topUp.paidAt,
    topUp.lotId,
    json(billing),
    json(card),
    json(receipt),
    settlement,
    json(reversed),
    topUp.revision + 1,
    row.consentId,
    topUp.orderedBy,
  ];
}

const value = (position: number) => `m.value ->> ${position}`;
const allValues = Array.from({ length: 28 }, (_, position) => value(position)).join(", ");

const addTopUps = `INSERT INTO top_ups (${topUpColumns}) SELECT ${allValues} FROM json_each(?) m`;

const moveTopUps = `UPDATE top_ups SET state = ${value(4)}, payment_intent_id = ${value(8)},
    attempts = ${value(9)}, closing = ${value(10)}, redirect_url = ${value(11)},
    failure = ${value(12)}, differences = ${value(13)}, open_until = ${value(15)},
    read_at = ${value(16)}, next_step_at = ${value(17)}, paid_at = ${value(18)},
    lot_id = ${value(19)}, billing = ${value(20)}, card = ${value(21)}, receipt = ${value(22)},
    settlement = ${value(23)}, reversed = ${value(24)}, revision = ${value(25)}
  FROM json_each(?) m WHERE top_ups.id = ${value(0)}`;

/** Stores purchases as they now are; each write is refused if somebody else was there first. */
export function putTopUps(rows: readonly TopUpRow[]): InStatement[] {
  const isNew = (row: TopUpRow) => row.topUp.revision === 0;
  const statements: [string, TopUpRow[]][] = [
    [addTopUps, rows.filter(isNew)],
    [moveTopUps, rows.filter((row) => !isNew(row))],
  ];
  return statements
    .filter(([, some]) => some.length > 0)
    .map(([sql, some]) => ({ sql, args: [JSON.stringify(some.map(topUpToRow))] }));
}

export async function findTopUp(
  db: Database,
  topUpId: string,
  accountId: string | null = null,
): Promise<TopUpRow | null> {
  const { rows } = await db.read({
    sql: `SELECT ${topUpColumns} FROM top_ups WHERE id = ?1 AND (?2 IS NULL OR account_id = ?2)`,
    args: [topUpId, accountId],
  });
  return rows[0] === undefined ? null : topUpFromRow(rows[0]);
}

/** The purchase a payment was made for, by what we were told when it was created. */
export async function findTopUpOfPayment(
  db: Database,
  paymentIntentId: string,
): Promise<TopUpRow | null> {
  const { rows } = await db.read({
    sql: `SELECT ${topUpColumns} FROM top_ups WHERE payment_intent_id = ?`,
    args: [paymentIntentId],
  });
  return rows[0] === undefined ? null : topUpFromRow(rows[0]);
}

/** The purchases an account has under way: at most one by hand and one automatic. */
export async function listOpenTopUps(db: Database, accountId: string): Promise<TopUpRow[]> {
  const { rows } = await db.read({
    sql: `SELECT ${topUpColumns} FROM top_ups
        WHERE account_id = ?1 AND trigger = 'manual' AND state IN ${statesUnderWay}
      UNION ALL SELECT ${topUpColumns} FROM top_ups
        WHERE account_id = ?1 AND trigger <> 'manual' AND state IN ${statesUnderWay}`,
    args: [accountId],
  });
  return rows.map(topUpFromRow);
}

/** Newest first; the cursor is the id of the last one of the page before. Ids sort by time. */
export async function listTopUps(
  db: Database,
  page: { readonly accountId: string; readonly beforeId: string | null; readonly limit: number },
): Promise<TopUpRow[]> {
  const { rows } = await db.read({
    sql: `SELECT ${topUpColumns} FROM top_ups WHERE account_id = ?1 AND (?2 IS NULL OR id < ?2)
      ORDER BY id DESC LIMIT ?3`,
    args: [page.accountId, page.beforeId, page.limit],
  });
  return rows.map(topUpFromRow);
}

export interface DueTopUp {
  readonly accountId: string;
  readonly topUpId: TopUpId;
}

/** Purchases to which something is owed by now, the longest overdue first. */
export async function listDueTopUps(
  db: Database,
  until: number,
  limit: number,
): Promise<DueTopUp[]> {
  const { rows } = await db.read({
    sql: `SELECT account_id, id FROM top_ups WHERE next_step_at <= ? ORDER BY next_step_at LIMIT ?`,
    args: [until, limit],
  });
  return rows.map((row) => ({ accountId: row[0] as string, topUpId: row[1] as TopUpId }));
}

/**
 * Lets a purchase be due again later: what is owed to it could not be done, and must not stand in
 * the way of the others. No row is affected if it was done meanwhile.
 */
export function putOffTopUp(
  topUpId: string,
  { at, until }: { readonly at: Instant; readonly until: Instant },
): InStatement {
  return {
    sql: `UPDATE top_ups SET next_step_at = ?3, revision = revision + 1
      WHERE id = ?1 AND next_step_at <= ?2`,
    args: [topUpId, at, until],
  };
}

export interface TopUpDueAt extends DueTopUp {
  readonly dueAt: Instant;
}

/** Purchases whose next step lies in a range, for arming their wake-ups. */
export async function listTopUpsDueBetween(
  db: Database,
  range: { readonly from: Instant; readonly until: Instant; readonly afterId: string },
  limit: number,
): Promise<TopUpDueAt[]> {
  const found = await db.read({
    sql: `SELECT account_id AS accountId, id AS topUpId, next_step_at AS dueAt
      FROM top_ups INDEXED BY top_ups_due
      WHERE next_step_at > ? AND next_step_at <= ? AND id > ? ORDER BY id LIMIT ?`,
    args: [range.from, range.until, range.afterId, limit],
  });
  return recordsOf<TopUpDueAt>(found);
}

/** The earliest instant after now at which a purchase, a refund or a stored event is due. */
export async function findNextPaymentAt(db: Database, after: Instant): Promise<Instant | null> {
  const { rows } = await db.read({
    sql: `SELECT min(at) FROM (
      SELECT min(next_step_at) AS at FROM top_ups WHERE next_step_at > ?1
      UNION ALL SELECT min(next_step_at) FROM refunds WHERE next_step_at > ?1
      UNION ALL SELECT min(next_attempt_at) FROM gateway_events WHERE next_attempt_at > ?1)`,
    args: [after],
  });
  return (rows[0]?.[0] as Instant | null | undefined) ?? null;
}

/** Purchases paid from an instant on, for the daily comparison; pages go on behind (paid at, id). */
export async function listPaidTopUps(
  db: Database,
  page: { readonly from: number; readonly afterId: string; readonly limit: number },
): Promise<TopUpRow[]> {
  const { rows } = await db.read({
    sql: `SELECT ${topUpColumns} FROM top_ups INDEXED BY top_ups_paid
      WHERE state = 'paid' AND (paid_at, id) > (?, ?) ORDER BY paid_at, id LIMIT ?`,
    args: [page.from, page.afterId, page.limit],
  });
  return rows.map(topUpFromRow);
}
