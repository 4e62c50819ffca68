/**
 * The part of the product that acts when nobody calls: it debits hours at their instants, ends what
 * is lost, follows payments to their end, sends mail, and keeps doing so, a little later, when the
 * queue is away. `announce` and `wake` are the ways in for everybody who writes.
 */
import { jobNames, METERING_QUEUE } from "@scanmeter/contracts/jobs";
import { settings } from "@scanmeter/core";
import type { SendMail, Wake } from "@scanmeter/operations";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { type Announce, makeAnnounce } from "./announcer.ts";
import { hourWakeUps } from "./hour-wake-ups.ts";
import { openJobQueue } from "./job-queue.ts";
import { openLane } from "./lane.ts";
import { openMetrics } from "./metrics.ts";
import { gaugeOpenAlerts } from "./open-alerts.ts";
import type { WorkerOperations } from "./operations.ts";
import { openPayments } from "./payments.ts";
import {
  type QueueTimings,
  queueTimings,
  wakeUpOptions,
  workerSettings,
} from "./queue-settings.ts";
import { connectProducer } from "./redis.ts";
import { watchRedis } from "./redis-health.ts";
import { meteringJobs } from "./registry.ts";
import { makeSweeper } from "./sweeper.ts";
import { makeSendUnwaited } from "./unwaited.ts";
import { makeWakeUps } from "./wake-ups.ts";
import { within } from "./within.ts";

export { RedisRefuses } from "./redis-health.ts";

export interface WorkerDeps {
  readonly operations: WorkerOperations;
  /** Hands mail to a server. Null or absent where none was named; mail then waits. */
  readonly deliver?: SendMail | null;
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
  /** For whoever has work that is better begun now: never blocks, never throws. */
  readonly wake: (work: Wake) => void;
  /** Whether wake-ups can be armed right now. */
  isReady(): boolean;
  /** Arms all wake-ups anew after the clock was moved. */
  rearm(): Promise<void>;
  close(): Promise<void>;
}

/** How long starting waits for Redis before it goes on without it. */
const START_PATIENCE_MS = 2_000;

export function createWorker(deps: WorkerDeps): MeteringWorker {
  const { operations, redisUrl, log } = deps;
  const timings = deps.timings ?? queueTimings;
  const metrics = openMetrics(deps.metrics);
  gaugeOpenAlerts(deps.metrics, operations.database);
  const connection = connectProducer(redisUrl);
  const health = watchRedis(connection, { url: redisUrl, log });
  const send = makeSendUnwaited({ connection, health, metrics });
  const stands = { redisUrl, connection, health, timings, log };

  const queue = openJobQueue(connection, {
    name: METERING_QUEUE,
    sweepJob: jobNames.sweep,
    options: wakeUpOptions,
  });
  const hours = makeWakeUps(queue, operations, hourWakeUps(operations));
  const announce = makeAnnounce({ connection, wakeUps: hours, send });
  const sweepBatch = () => operations.sweep(settings.sweepBatch);
  const sweeper = makeSweeper({
    parts: [{ sweepBatch, arm: hours.armFromDatabase }],
    metrics: metrics.metering,
    log,
  });
  const metering = openLane({
    ...stands,
    queue,
    settings: workerSettings,
    jobs: meteringJobs({ operations, sweeper }),
    sweeper,
    wakeUps: [hours],
    metrics: metrics.metering,
  });
  const payments = openPayments({
    ...stands,
    operations,
    deliver: deps.deliver ?? null,
    send,
    metrics,
  });
  const lanes = [metering, payments];

  const takeUp = async () => {
    if (!(await health.check())) return;
    await Promise.all(lanes.map((lane) => lane.takeUp()));
  };
  const takeUpQuietly = () => {
    takeUp().catch((error) => {
      log.warn({ err: error }, "Wake-ups were not armed; the sweep does their work");
    });
  };

  return {
    announce,
    wake: payments.wake,
    isReady: health.isWell,
    async start() {
      connection.on("ready", takeUpQuietly);
      // Connecting is tried again and again by the connection itself; a failed first try is no event.
      await within(START_PATIENCE_MS, connection.connect());
      health.assertWelcome();
      if (connection.status === "ready") await health.check();
      for (const lane of lanes) lane.start();
    },
    async rearm() {
      await Promise.all(lanes.map((lane) => lane.rearm()));
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
      connection.disconnect();
    },
  };
}
