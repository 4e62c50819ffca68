/**
 * The time of this Stripe: the machine's, moved forward by an offset, or standing still. It never
 * runs back, because ids, events and deadlines were written in its order.
 */
import type { Store } from "./store.ts";

export interface Clock {
  /** Milliseconds. */
  now(): number;
  seconds(): number;
  readonly isFrozen: boolean;
  moveTo(now: number): void;
  freeze(): void;
  resume(): void;
  /** The machine's time again, after everything was forgotten. */
  reset(): void;
}

export function makeClock(store: Store, machineNow: () => number): Clock {
  let offset = Number(store.setting("clock.offset") ?? 0);
  let frozenAt = numberOrNull(store.setting("clock.frozenAt"));

  const clock: Clock = {
    now: () => frozenAt ?? machineNow() + offset,
    seconds: () => Math.floor(clock.now() / 1000),
    get isFrozen() {
      return frozenAt !== null;
    },
    moveTo(now) {
      if (now < clock.now()) throw new RangeError("the clock never runs back");
      offset = now - machineNow();
      if (frozenAt !== null) frozenAt = now;
      save();
    },
    freeze() {
      frozenAt ??= clock.now();
      save();
    },
    resume() {
      if (frozenAt === null) return;
      offset = frozenAt - machineNow();
      frozenAt = null;
      save();
    },
    reset() {
      offset = 0;
      frozenAt = null;
      save();
    },
  };
  function save() {
    store.setSetting("clock.offset", String(offset));
    store.setSetting("clock.frozenAt", frozenAt === null ? "" : String(frozenAt));
  }
  return clock;
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined || text === "" ? null : Number(text);
}
