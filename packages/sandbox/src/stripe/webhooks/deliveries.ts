/** The deliveries that are due, were made, or are kept back: one row for each event and endpoint. */
import type { Store } from "../store.ts";

export type DeliveryState = "waiting" | "held" | "dropped" | "delivered" | "failed";

/** How this delivery is to be spoilt; an empty one is honest. */
export interface Twist {
  readonly action?: "wrong_secret" | "old_timestamp" | "no_signature" | "changed_body";
  readonly ageSeconds?: number;
}

export interface Delivery {
  readonly id: number;
  readonly eventId: string;
  readonly endpointId: string;
  readonly dueAt: number;
  readonly attempts: number;
  readonly state: DeliveryState;
  readonly twist: Twist;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

interface Row {
  id: number;
  event_id: string;
  endpoint_id: string;
  due_at: number;
  attempts: number;
  state: DeliveryState;
  twist: string;
  last_status: number | null;
  last_error: string | null;
}

// A delivery that follows another one waits until that one was tried.
const SENDABLE = `state = 'waiting' and (after_id is null or not exists (
  select 1 from deliveries earlier where earlier.id = deliveries.after_id
  and earlier.state = 'waiting' and earlier.attempts = 0))`;

export function addDelivery(
  store: Store,
  given: {
    eventId: string;
    endpointId: string;
    dueAt: number;
    state?: DeliveryState;
    twist?: Twist;
  },
): number {
  const { eventId, endpointId, dueAt, state = "waiting", twist = {} } = given;
  const { lastInsertRowid } = store.run(
    "insert into deliveries (event_id, endpoint_id, due_at, state, twist) values (?, ?, ?, ?, ?)",
    ...[eventId, endpointId, dueAt, state, JSON.stringify(twist)],
  );
  return Number(lastInsertRowid);
}

export function listDue(store: Store, now: number, limit: number): Delivery[] {
  return store
    .rows<Row>(
      `select * from deliveries where ${SENDABLE} and due_at <= ? order by due_at, id limit ?`,
      now,
      limit,
    )
    .map(deliveryFromRow);
}

export function listDeliveries(store: Store, limit: number): Delivery[] {
  return store
    .rows<Row>("select * from deliveries order by id desc limit ?", limit)
    .map(deliveryFromRow);
}

export function nextDeliveryAt(store: Store): number | null {
  return (
    store.row<{ at: number | null }>(`select min(due_at) as at from deliveries where ${SENDABLE}`)
      ?.at ?? null
  );
}

/** Of an event: an endpoint waits for it as long as none of its deliveries arrived there. */
export const UNDELIVERED = `from deliveries waiting where waiting.state <> 'delivered' and not exists (
  select 1 from deliveries done where done.event_id = waiting.event_id
  and done.endpoint_id = waiting.endpoint_id and done.state = 'delivered')`;

export function countUndelivered(store: Store, eventId: string): number {
  const found = store.row<{ n: number }>(
    `select count(distinct endpoint_id) as n ${UNDELIVERED} and waiting.event_id = ?`,
    eventId,
  );
  return found?.n ?? 0;
}

export function saveResult(
  store: Store,
  id: number,
  result: { state: DeliveryState; dueAt: number; status: number | null; error: string | null },
): void {
  store.run(
    `update deliveries set state = ?, due_at = ?, attempts = attempts + 1, last_status = ?,
     last_error = ? where id = ?`,
    ...[result.state, result.dueAt, result.status, result.error, id],
  );
}

/** Lets go what was kept back, at once or each after the one before it. */
export function release(
  store: Store,
  given: { ids?: readonly number[]; order: "together" | "same" | "reverse"; now: number },
): number {
  const held =
    given.ids ??
    store
      .rows<{ id: number }>("select id from deliveries where state = 'held' order by id")
      .map(({ id }) => id);
  const order = given.order === "reverse" ? [...held].reverse() : held;
  let before: number | null = null;
  for (const id of order) {
    store.run(
      "update deliveries set state = 'waiting', due_at = ?, after_id = ? where id = ? and state = 'held'",
      ...[given.now, given.order === "together" ? null : before, id],
    );
    before = id;
  }
  return order.length;
}

function deliveryFromRow(row: Row): Delivery {
  return {
    id: row.id,
    eventId: row.event_id,
    endpointId: row.endpoint_id,
    dueAt: row.due_at,
    attempts: row.attempts,
    state: row.state,
    twist: JSON.parse(row.twist) as Twist,
    lastStatus: row.last_status,
    lastError: row.last_error,
  };
}
