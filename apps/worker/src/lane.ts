/**
 * A queue with everything that keeps its work going: who takes its jobs, the sweep that makes them
 * optional, the watchdog that notices when nobody takes any. One lane never waits for another.
 */
import type { Logger } from "pino";
import { type Consumer, startConsumer } from "./consumer.ts";
import type { JobQueue } from "./job-queue.ts";
import type { QueueMetrics } from "./metrics.ts";
import { CLOSE_PATIENCE_MS, type QueueTimings, type WorkerSettings } from "./queue-settings.ts";
import type { RedisHealth } from "./redis-health.ts";
import type { Jobs } from "./registry.ts";
import type { Sweeper } from "./sweeper.ts";
import type { WakeUps } from "./wake-ups.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";
import { within } from "./within.ts";

export interface LaneDeps {
  readonly queue: Pick<JobQueue, "name" | "areSweepsScheduled" | "scheduleSweeps" | "close">;
  readonly settings: WorkerSettings;
  readonly timings: QueueTimings;
  readonly redisUrl: string;
  readonly health: RedisHealth;
  readonly jobs: Jobs;
  readonly sweeper: Sweeper;
  /** All there are in this queue, the most urgent first. */
  readonly wakeUps: readonly Pick<WakeUps<never>, "armFromDatabase" | "rearm">[];
  readonly metrics: QueueMetrics;
  readonly log: Logger;
}

export interface Lane {
  /** Takes jobs from now on, and does what came due while nobody was there. */
  start(): void;
  /** Redis is there, perhaps empty: whatever is open is armed again. */
  takeUp(): Promise<void>;
  /** Arms all wake-ups anew after the clock was moved. */
  rearm(): Promise<void>;
  /** Waits for what runs, and not for long. */
  close(): Promise<void>;
}

export function openLane(deps: LaneDeps): Lane {
  const { queue, sweeper, wakeUps, timings, log } = deps;
  let consumer: Consumer | undefined;
  let watchdog: Watchdog | undefined;
  let isClosing = false;

  const listen = () => startConsumer({ ...deps, queue: queue.name });
  const areSweepsScheduled = () => queue.areSweepsScheduled(timings.sweepEveryMs);
  // The sweeps come last, for that they are scheduled says that everything is armed.
  const fill = async () => {
    for (const kind of wakeUps) await kind.armFromDatabase();
    if (!(await areSweepsScheduled())) await queue.scheduleSweeps(timings.sweepEveryMs);
  };

  return {
    start() {
      consumer = listen();
      watchdog = startWatchdog({
        sweeper,
        timings,
        log,
        isQueueWell: deps.health.check,
        isFilled: areSweepsScheduled,
        fill,
        lastTakenAt: () => consumer?.lastTakenAt() ?? performance.now(),
        replaceConsumer: async () => {
          if (isClosing) return;
          deps.metrics.replaced.inc();
          const deaf = consumer;
          consumer = listen();
          await deaf?.close(0);
        },
      });
      sweeper
        .sweep("process")
        .catch((error) => log.error({ err: error }, "The first sweep failed"));
    },
    takeUp: fill,
    async rearm() {
      for (const kind of wakeUps) await kind.rearm();
    },
    async close() {
      isClosing = true;
      await Promise.all([
        consumer?.close(CLOSE_PATIENCE_MS),
        within(CLOSE_PATIENCE_MS, Promise.all([watchdog?.stop(), sweeper.close()])),
      ]);
      await queue.close().catch(() => {});
    },
  };
}
