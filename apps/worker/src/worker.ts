/**
 * The part of the product that acts when nobody calls: it debits hours at their instants, ends what
 * is lost, and keeps doing so, a little later, when the queue is away. `announce` is the way in for
 * everybody who writes.
 */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type Announce, makeAnnounce } from "./announcer.ts";
import { type Consumer, startConsumer } from "./consumer.ts";
import { openMetrics } from "./metrics.ts";
import type { MeteringOperations } from "./operations.ts";
import { CLOSE_PATIENCE_MS, type QueueTimings, queueTimings } from "./queue-settings.ts";
import { connectProducer } from "./redis.ts";
import { watchRedis } from "./redis-health.ts";
import { makeSweeper } from "./sweeper.ts";
import { openWakeUps } from "./wake-ups.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

export { RedisRefuses } from "./redis-health.ts";

export interface WorkerDeps {
  readonly operations: MeteringOperations;
  readonly redisUrl: string;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Only tests have another idea of time. */
  readonly timings?: QueueTimings;
}

export interface MeteringWorker {
  /** Starts taking jobs; waits a moment for Redis and goes on without it, unless it refuses us. */
  start(): Promise<void>;
  /** For the write path: never blocks, never throws. */
  readonly announce: Announce;
  /** Whether wake-ups can be armed right now. */
  isReady(): boolean;
  /** Arms all wake-ups anew after the clock was moved. */
  rearm(): Promise<void>;
  close(): Promise<void>;
}

/** How long starting waits for Redis before it goes on without it. */
const START_PATIENCE_MS = 2_000;

async function connectPatiently(connection: Redis): Promise<void> {
  // Connecting is tried again and again by the connection itself; a failed first try is no event.
  const connecting = connection.connect().catch(() => {});
  let patience: NodeJS.Timeout | undefined;
  const isOver = new Promise<void>((resolve) => {
    patience = setTimeout(resolve, START_PATIENCE_MS);
  });
  await Promise.race([connecting, isOver]);
  clearTimeout(patience);
}

export function createWorker(deps: WorkerDeps): MeteringWorker {
  const { operations, redisUrl, log } = deps;
  const timings = deps.timings ?? queueTimings;
  const metrics = openMetrics(deps.metrics);
  const connection = connectProducer(redisUrl);
  const health = watchRedis(connection, { url: redisUrl, log });
  const wakeUps = openWakeUps(connection, operations);
  const sweeper = makeSweeper({ operations, wakeUps, metrics, log });
  const announce = makeAnnounce({ connection, wakeUps, health, metrics });
  let consumer: Consumer | undefined;
  let watchdog: Watchdog | undefined;

  const listen = () => startConsumer({ redisUrl, jobs: { operations, sweeper }, metrics, log });
  const scheduleSweeps = () => wakeUps.scheduleSweeps(timings.sweepEveryMs);

  const refill = () => wakeUps.armFromDatabase();
  // Redis comes for the first time or comes back, perhaps empty: whatever is open is armed again.
  const takeUp = async () => {
    if (!(await health.check())) return;
    await scheduleSweeps();
    await refill();
  };
  const takeUpQuietly = () => {
    takeUp().catch((error) => {
      log.warn({ err: error }, "Wake-ups were not armed; the sweep does their work");
    });
  };

  return {
    announce,
    isReady: health.isWell,
    async start() {
      connection.on("ready", takeUpQuietly);
      await connectPatiently(connection);
      health.assertWelcome();
      if (connection.status === "ready") await health.check();
      consumer = listen();
      watchdog = startWatchdog({
        sweeper,
        timings,
        log,
        isQueueWell: health.check,
        scheduleSweeps,
        refill,
        lastTakenAt: () => consumer?.lastTakenAt() ?? performance.now(),
        replaceConsumer: async () => {
          metrics.replaced.inc();
          const deaf = consumer;
          consumer = listen();
          await deaf?.close(0);
        },
      });
      // Whatever came due while nobody was there.
      sweeper
        .sweep("process")
        .catch((error) => log.error({ err: error }, "The first sweep failed"));
    },
    rearm: wakeUps.rearm,
    async close() {
      await watchdog?.stop();
      await consumer?.close(CLOSE_PATIENCE_MS);
      await sweeper.idle();
      await wakeUps.close().catch(() => {});
      connection.disconnect();
    },
  };
}
