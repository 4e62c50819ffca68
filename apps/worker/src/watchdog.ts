/**
 * Looks after a queue from outside of it, by a plain timer of this process: without Redis it is the
 * one who sweeps, and with it the one who notices that nobody does.
 */
import type { Logger } from "pino";
import type { QueueTimings } from "./queue-settings.ts";
import type { Sweeper } from "./sweeper.ts";

export interface WatchdogDeps {
  readonly sweeper: Pick<Sweeper, "sweep" | "lastSweptAt">;
  readonly timings: QueueTimings;
  readonly log: Logger;
  /** Whether Redis answers and takes writes. */
  readonly isQueueWell: () => Promise<boolean>;
  /** Whether the queue holds what it was last filled with, as far as can be told. */
  readonly isFilled: () => Promise<boolean>;
  /** Arms whatever is to come; one that did not get to its end is begun again. */
  readonly fill: () => Promise<void>;
  readonly lastTakenAt: () => number;
  readonly replaceConsumer: () => Promise<void>;
}

export interface Watchdog {
  stop(): Promise<void>;
}

export function startWatchdog(deps: WatchdogDeps): Watchdog {
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;
  // A worker cannot take jobs from a Redis that is away, so deafness counts from its return.
  const seen: Seen = { wellSince: null };
  const look = () => {
    if (isLooking) return;
    isLooking = true;
    looking = lookAfter(deps, seen)
      .catch((error) => deps.log.error({ err: error }, FAILED))
      .finally(() => {
        isLooking = false;
      });
  };
  const timer = setInterval(look, deps.timings.sweepEveryMs);
  return {
    stop() {
      clearInterval(timer);
      return looking;
    },
  };
}

const FAILED = "A sweep failed; the next one tries again";

interface Seen {
  wellSince: number | null;
}

async function lookAfter(deps: WatchdogDeps, seen: Seen): Promise<void> {
  const { sweeper, timings, log } = deps;
  // Not waited for: one that waits for a slow gateway must not keep us from looking again.
  const sweep = () => {
    sweeper.sweep("process").catch((error) => log.error({ err: error }, FAILED));
  };
  if (!(await deps.isQueueWell())) {
    seen.wellSince = null;
    return sweep();
  }
  seen.wellSince ??= performance.now();

  const wereLost = !(await deps.isFilled());
  if (wereLost) log.warn("Redis had lost its jobs; they are armed again from the database");
  const now = performance.now();
  const isOverdue = now - sweeper.lastSweptAt() >= timings.sweepOverdueAfterMs;
  if (isOverdue)
    log.warn("No sweep came from the queue for a while; this process sweeps by itself");
  const isDeaf = now - Math.max(deps.lastTakenAt(), seen.wellSince) >= timings.deafAfterMs;
  if (isDeaf) {
    log.warn("The queue worker takes no jobs although Redis answers; it is replaced");
    await deps.replaceConsumer();
  }
  if (wereLost || isOverdue) sweep();
  if (wereLost) await deps.fill();
}
