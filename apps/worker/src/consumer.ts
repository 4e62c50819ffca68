/** Takes jobs from the queue and does them, one BullMQ worker at a time, replaceable when it goes deaf. */
import { METERING_QUEUE } from "@scanmeter/contracts/jobs";
import { type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { JobDeps } from "./jobs/deps.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { workerSettings } from "./queue-settings.ts";
import { connectConsumer } from "./redis.ts";
import { isJobName, runJob } from "./registry.ts";
import { asQueueError, verdictOn } from "./retries.ts";

export interface Consumer {
  /** When a job was last taken, or this worker made, by `performance.now()`. */
  lastTakenAt(): number;
  /** Waits for running jobs, and for no longer than this. */
  close(patienceMs: number): Promise<void>;
}

export interface ConsumerDeps {
  readonly redisUrl: string;
  readonly jobs: JobDeps;
  readonly metrics: WorkerMetrics;
  readonly log: Logger;
}

export function startConsumer({ redisUrl, jobs, metrics, log }: ConsumerDeps): Consumer {
  const connection = connectConsumer(redisUrl);
  connection.on("error", () => {}); // Told by the producer's connection, which sees the same.
  let lastTakenAt = performance.now();

  const worker = new Worker(
    METERING_QUEUE,
    async (job) => {
      lastTakenAt = performance.now();
      try {
        await runJob(job, jobs);
        metrics.jobs.inc({ job: labelOf(job), outcome: "done" });
      } catch (error) {
        noteFailure(job, error, { metrics, log });
        throw asQueueError(error);
      }
    },
    { connection, ...workerSettings },
  );
  worker.on("error", (error) => {
    if (connection.status === "ready") log.warn({ err: error }, "The queue worker met an error");
  });

  return {
    lastTakenAt: () => lastTakenAt,
    close: (patienceMs) => closeWithin(worker, connection, patienceMs),
  };
}

// An unknown name comes from outside and must not become an endless list of labels.
const labelOf = (job: Job) => (isJobName(job.name) ? job.name : "unknown");

function noteFailure(
  job: Job,
  error: unknown,
  { metrics, log }: { metrics: WorkerMetrics; log: Logger },
): void {
  const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  const isOver = isLast || verdictOn(error) === "stop";
  metrics.jobs.inc({ job: labelOf(job), outcome: isOver ? "failed" : "tried_again" });
  const facts = { err: error, job: job.name.slice(0, 50), id: job.id?.slice(0, 100) };
  if (isOver) log.error(facts, "A job failed and will not be tried again");
  else log.warn(facts, "A job failed and will be tried again");
}

async function closeWithin(worker: Worker, connection: Redis, patienceMs: number): Promise<void> {
  const isConnected = connection.status === "ready";
  const patience = timer(isConnected ? patienceMs : 0);
  const closing = worker.close(!isConnected).catch(() => {});
  await Promise.race([closing, patience.over]);
  patience.cancel();
  connection.disconnect();
}

function timer(ms: number): { over: Promise<void>; cancel(): void } {
  let handle: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, ms);
  });
  return { over, cancel: () => clearTimeout(handle) };
}
