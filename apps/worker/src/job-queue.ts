/** A queue as those who fill it see it. Each call is one to Redis, and fails at once when Redis is away. */
import { type JobsOptions, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { sweepOptions } from "./queue-settings.ts";

/** A job as the queue is given it. */
export interface QueuedJob {
  readonly name: string;
  readonly data: object;
  /** Absent where twice the same is two jobs. */
  readonly id?: string;
  /** Of those with the same turn one waits, and one more while another of them runs. */
  readonly turn?: string;
  readonly delayMs?: number;
}

export interface JobQueue {
  readonly name: string;
  /** Those whose id it knows already are left as they are. */
  add(jobs: readonly QueuedJob[]): Promise<void>;
  /** Takes out what waits; what runs goes on. */
  remove(ids: readonly string[]): Promise<void>;
  /** Which of these it does not know. */
  missing(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Not in a Redis that is new or has lost its jobs. */
  areSweepsScheduled(everyMs: number): Promise<boolean>;
  scheduleSweeps(everyMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  readonly name: string;
  readonly sweepJob: string;
  /** How all its jobs are run but the sweeps. */
  readonly options: JobsOptions;
}

const SWEEP_SCHEDULER = "sweep";

export function openJobQueue(
  connection: Redis,
  { name, sweepJob, options }: JobQueueOptions,
): JobQueue {
  const queue = new Queue(name, {
    connection,
    // The queue would wait for Redis for ever before its first job. Without the waiting and what is
    // asked at the first contact, adding fails at once and simply works once Redis is there.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  queue.on("error", () => {}); // Told by the connection itself.

  const toBull = ({ name, data, id, turn, delayMs }: QueuedJob) => ({
    name,
    data,
    opts: {
      ...options,
      ...(id !== undefined && { jobId: id }),
      ...(turn !== undefined && { deduplication: { id: turn, keepLastIfActive: true } }),
      ...(delayMs !== undefined && { delay: delayMs }),
    },
  });

  return {
    name,
    async add(jobs) {
      await queue.addBulk(jobs.map(toBull));
    },
    async remove(ids) {
      await Promise.all(ids.map((id) => queue.remove(id)));
    },
    async missing(ids) {
      const answers = await connection
        .pipeline(ids.map((id) => ["exists", queue.toKey(id)]))
        .exec();
      return new Set(ids.filter((_, at) => answers?.[at]?.[1] !== 1));
    },
    async areSweepsScheduled(everyMs) {
      return (await queue.getJobScheduler(SWEEP_SCHEDULER))?.every === everyMs;
    },
    async scheduleSweeps(everyMs) {
      const template = { name: sweepJob, data: {}, opts: sweepOptions };
      await queue.upsertJobScheduler(SWEEP_SCHEDULER, { every: everyMs }, template);
    },
    close: () => queue.close(),
  };
}
