/**
 * What every resource may use: the store, the time, events to tell and tasks for later. One call is
 * one transaction, so nothing here waits for anything.
 */
import { resourceMissing } from "./api/errors.ts";
import type { Clock } from "./clock.ts";
import type { Resource, Store } from "./store.ts";

/** Stands for our own address in what is stored; the true one is known only when we answer. */
export const HERE = "https://here.local-stripe.invalid";

export const API_VERSION = "2026-10-28.endive";

/** The request that events are attributed to; none for what happens by itself. */
export interface Cause {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly businessName: string;
  /** How long disputes, warnings and refunds that change take to happen. */
  readonly consequencesAfterMs: number;
  cause: Cause;
  emit(type: string, object: Resource, previous?: Record<string, unknown>): void;
  schedule(task: Task): void;
}

export interface Task {
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: number;
  readonly details?: Readonly<Record<string, string | number>>;
}

export function get<T extends Resource>(world: World, object: string, id: string): T {
  const found = world.store.find<T>(object, id);
  if (found === undefined) throw resourceMissing(object, id);
  return found;
}

/** The same for an id among the parameters, where Stripe answers 400 and names the parameter. */
export function getNamed<T extends Resource>(
  world: World,
  { object, id, param }: { object: string; id: string; param: string },
): T {
  const found = world.store.find<T & { deleted?: boolean }>(object, id);
  if (found === undefined || found.deleted === true)
    throw resourceMissing(object, id, param, param === "id" ? 404 : 400);
  return found;
}

/** Saves what changed and tells it, with the values from before. */
export function saveAndTell<T extends Resource>(world: World, type: string, object: T): T {
  const before = world.store.findAny(object.id) as unknown as Record<string, unknown>;
  const previous: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object))
    if (JSON.stringify(before[name]) !== JSON.stringify(value)) previous[name] = before[name];
  world.store.save(object);
  world.emit(type, object, previous);
  return object;
}

export function mergeMetadata(
  old: Record<string, string>,
  given: Record<string, string> | undefined,
): Record<string, string> {
  if (given === undefined) return old;
  if (Object.keys(given).length === 0) return {};
  const entries = Object.entries({ ...old, ...given }).filter(([, value]) => value !== "");
  return Object.fromEntries(entries);
}
