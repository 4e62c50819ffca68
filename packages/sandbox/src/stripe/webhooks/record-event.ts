/** Writes an event down and queues its deliveries, in the same transaction as what it tells about. */
import { newId } from "../ids.ts";
import { matchesPattern } from "../patterns.ts";
import type { Event } from "../resources/events.ts";
import { endpointFor, listEndpoints } from "../resources/webhook-endpoints.ts";
import type { Resource, Store } from "../store.ts";
import { API_VERSION, type World } from "../world.ts";
import { addDelivery, release, type Twist } from "./deliveries.ts";
import type { DeliveryRule, DeliveryRules } from "./delivery-rules.ts";

export interface EventNews {
  readonly type: string;
  readonly object: object;
  readonly previous?: Record<string, unknown> | undefined;
  readonly livemode?: boolean;
  readonly apiVersion?: string;
}

export type Recorder = (world: World, news: EventNews) => Event | null;

export function makeRecorder(rules: DeliveryRules): Recorder {
  // What a reorder has collected so far, by rule.
  const collected = new Map<string, number[]>();

  return (world, news) => {
    const caught = rules.catching(news.type);
    if (caught.some(({ action }) => action === "vanish")) return null;
    const event = insertEvent(world, news);
    const copies = sum(caught, "duplicate");
    const ids = [
      ...deliver(world, event, caught),
      ...repeat(copies, () => deliver(world, event, caught)),
    ];
    for (let n = 0; n < sum(caught, "duplicate_with_new_id"); n++)
      deliver(world, insertEvent(world, news), caught);
    for (const rule of caught.filter(({ action }) => action === "reorder"))
      collect(world, rule, ids.flat());
    return event;
  };

  function collect(world: World, rule: DeliveryRule, ids: readonly number[]): void {
    const held = [...(collected.get(rule.id) ?? []), ...ids];
    const isFull = held.length >= rule.count;
    collected.set(rule.id, isFull ? [] : held);
    if (isFull) release(world.store, { ids: held, order: "reverse", now: world.clock.now() });
  }
}

/** Sends an event once more, honestly, whatever became of it before. */
export function redeliver(world: World, event: Event, times: number): void {
  for (let n = 0; n < times; n++) deliver(world, event, []);
}

function insertEvent(world: World, news: EventNews): Event {
  const { requestId, idempotencyKey } = world.cause;
  const event: Event = {
    id: newId("evt"),
    object: "event",
    api_version: news.apiVersion ?? API_VERSION,
    created: world.clock.seconds(),
    data: {
      object: structuredClone(news.object) as Resource,
      ...(news.previous && { previous_attributes: news.previous }),
    },
    livemode: news.livemode ?? false,
    pending_webhooks: 0,
    request: { id: requestId, idempotency_key: idempotencyKey },
    type: news.type,
  };
  return world.store.insert(event, event.created);
}

function deliver(world: World, event: Event, caught: readonly DeliveryRule[]): number[] {
  const isKept = caught.some(({ action }) => action === "hold" || action === "reorder");
  const isDropped = caught.some(({ action }) => action === "drop");
  const delay = caught.find(({ action }) => action === "delay")?.by ?? 0;
  return endpointsFor(world.store, event.type).map((endpointId) =>
    addDelivery(world.store, {
      eventId: event.id,
      endpointId,
      dueAt: world.clock.now() + delay,
      state: isDropped ? "dropped" : isKept ? "held" : "waiting",
      twist: twistOf(caught),
    }),
  );
}

function twistOf(caught: readonly DeliveryRule[]): Twist {
  for (const { action, by } of caught) {
    if (action === "old_timestamp") return { action, ageSeconds: by };
    if (action === "wrong_secret" || action === "no_signature" || action === "changed_body")
      return { action };
  }
  return {};
}

function endpointsFor(store: Store, type: string): string[] {
  return listEndpoints(store)
    .filter((endpoint) => endpointFor(endpoint, (pattern) => matchesPattern(pattern, type)))
    .map(({ id }) => id);
}

function sum(caught: readonly DeliveryRule[], wanted: DeliveryRule["action"]): number {
  return caught.reduce((total, { action, count }) => total + (action === wanted ? count : 0), 0);
}

function repeat<T>(times: number, make: () => T): T[] {
  return Array.from({ length: times }, make);
}
