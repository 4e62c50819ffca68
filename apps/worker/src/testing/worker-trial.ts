/** A worker over a Redis of its own, its payments queue as tests see it, and what it counts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobNames, PAYMENTS_QUEUE, paymentJobNames } from "@scanmeter/contracts/jobs";
import type { Operations, SendMail } from "@scanmeter/operations";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect } from "vitest";
import { startRedis } from "../../../../scripts/redis.mjs";
import type { WorkerOperations } from "../operations.ts";
import type { QueueTimings } from "../queue-settings.ts";
import { createWorker, type MeteringWorker } from "../worker.ts";

const HOUR_MS = 3_600_000;
/** So rare that whatever happens in a test was not done by a sweep. */
export const neverSweeps: QueueTimings = {
  sweepEveryMs: HOUR_MS,
  sweepOverdueAfterMs: HOUR_MS,
  deafAfterMs: HOUR_MS,
};
export const sweepsOften: QueueTimings = {
  sweepEveryMs: 100,
  sweepOverdueAfterMs: 300,
  deafAfterMs: HOUR_MS,
};

export interface WorkerTrial {
  readonly client: Redis;
  readonly queue: Queue;
  /** Of the worker that was started last. */
  registry(): Registry;
  /** A worker over these operations, perhaps changed ones. Where it never sweeps its first sweeps are over. */
  start(operations: Operations, about?: WorkerStart): Promise<MeteringWorker>;
  /** Redis is as new, and no worker runs. */
  reset(): Promise<void>;
  countOf(name: string, labels?: Record<string, string>): Promise<number>;
  /** Jobs of the payments queue that were done. */
  done(job: string): Promise<number>;
  /** The ids of the delayed jobs of ours that begin so. */
  delayed(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface WorkerStart {
  readonly changed?: Partial<WorkerOperations>;
  readonly timings?: QueueTimings;
  readonly redisUrl?: string;
  readonly deliver?: SendMail;
}

export async function openWorkerTrial(): Promise<WorkerTrial> {
  const dir = mkdtempSync(join(tmpdir(), "worker-redis-"));
  const redis = await startRedis({ dir });
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue(PAYMENTS_QUEUE, { connection: client });
  let registry = new Registry();
  let worker: MeteringWorker | undefined;

  const trial: WorkerTrial = {
    client,
    queue,
    registry: () => registry,
    async start(operations, { changed = {}, timings, redisUrl = redis.url, deliver } = {}) {
      worker = createWorker({
        operations: { ...operations, ...changed },
        deliver: deliver ?? null,
        redisUrl,
        log: pino({ level: "silent" }),
        metrics: registry,
        timings: timings ?? neverSweeps,
      });
      operations.announceTo(worker.announce);
      operations.wakeThrough(worker.wake);
      await worker.start();
      if (timings !== undefined) return worker;
      await eventually(() => trial.done(paymentJobNames.sweep)).toBe(1);
      await eventually(() => trial.countOf("worker_jobs_total", { job: jobNames.sweep })).toBe(1);
      return worker;
    },
    async reset() {
      await worker?.close();
      worker = undefined;
      registry = new Registry();
      await client.flushall();
    },
    async countOf(name, labels = {}) {
      const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
      const counted = values.filter((one) =>
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      return counted.reduce((sum, { value }) => sum + value, 0);
    },
    done: (job) => trial.countOf("payments_jobs_total", { job, outcome: "done" }),
    async delayed(prefix) {
      const ids = await client.zrange(queue.toKey("delayed"), "0", "-1");
      return ids.filter((id) => id.startsWith(prefix)).sort();
    },
    async close() {
      await worker?.close();
      await queue.close();
      client.disconnect();
      await redis.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return trial;
}

/** A condition that must come true; the limit only says when to stop hoping on a busy machine. */
export const eventually = <T>(read: () => T) =>
  expect.poll(read, { timeout: 20_000, interval: 20 });
