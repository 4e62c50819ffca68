/** Takes jobs from a queue and does them, one BullMQ worker at a time, replaceable when it goes deaf. */
import { type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { QueueMetrics } from "./metrics.ts";
import type { WorkerSettings } from "./queue-settings.ts";
import { connectConsumer } from "./redis.ts";
import type { Jobs } from "./registry.ts";
import { asQueueError, verdictOn } from "./retries.ts";
import { within } from "./within.ts";

export interface Consumer {
  /**
   * When a job was last taken, or this worker made, by `performance.now()`; now, while it has its
   * hands full and can take none.
   */
  lastTakenAt(): number;
  /** Waits for running jobs, and for no longer than this. */
  close(patienceMs: number): Promise<void>;
}

export interface ConsumerDeps {
  readonly queue: string;
  readonly settings: WorkerSettings;
  readonly redisUrl: string;
  readonly jobs: Jobs;
  readonly metrics: Pick<QueueMetrics, "jobs">;
  readonly log: Logger;
}

export function startConsumer(deps: ConsumerDeps): Consumer {
  const { queue, settings, redisUrl, jobs, metrics, log } = deps;
  const connection = connectConsumer(redisUrl);
  connection.on("error", () => {}); // Told by the producer's connection, which sees the same.
  let lastTakenAt = performance.now();
  let inHand = 0;
  // An unknown name comes from outside and must not become an endless list of labels.
  const labelOf = ({ name }: Job) => (jobs.has(name) ? name : "unknown");

  const worker = new Worker(
    queue,
    async (job) => {
      lastTakenAt = performance.now();
      inHand += 1;
      try {
        await jobs.run(job);
        metrics.jobs.inc({ job: labelOf(job), outcome: "done" });
      } catch (error) {
        const isOver = isLastTry(job, error);
        metrics.jobs.inc({ job: labelOf(job), outcome: isOver ? "failed" : "tried_again" });
        const facts = { err: error, job: job.name.slice(0, 50), id: job.id?.slice(0, 100) };
        if (isOver) log.error(facts, "A job failed and will not be tried again");
        else log.warn(facts, "A job failed and will be tried again");
        throw asQueueError(error);
      } finally {
        inHand -= 1;
      }
    },
    { connection, ...settings },
  );
  worker.on("error", (error) => {
    if (connection.status === "ready") log.warn({ err: error }, "The queue worker met an error");
  });

  return {
    lastTakenAt: () => (inHand < settings.concurrency ? lastTakenAt : performance.now()),
    close: (patienceMs) => closeWithin(worker, connection, patienceMs),
  };
}

function isLastTry(job: Job, error: unknown): boolean {
  return job.attemptsMade + 1 >= (job.opts.attempts ?? 1) || verdictOn(error) === "stop";
}

async function closeWithin(worker: Worker, connection: Redis, patienceMs: number): Promise<void> {
  const isConnected = connection.status === "ready";
  await within(isConnected ? patienceMs : 0, worker.close(!isConnected));
  connection.disconnect();
}
