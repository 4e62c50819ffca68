/** How the queues are run, as data, each number with its reason. */
import { settings } from "@scanmeter/core";
import type { JobsOptions } from "bullmq";

const SECOND = 1_000;
const DAY_IN_SECONDS = 24 * 60 * 60;

export interface QueueTimings {
  /** How often a sweep is scheduled in the queue, and how often this process looks after it. */
  readonly sweepEveryMs: number;
  /** Without a sweep for this long although Redis answers, this process sweeps by itself. */
  readonly sweepOverdueAfterMs: number;
  /** Sweeps alone bring a job every few seconds; a worker that took none for this long is deaf. */
  readonly deafAfterMs: number;
}

export const queueTimings: QueueTimings = {
  sweepEveryMs: settings.sweepEveryMs,
  sweepOverdueAfterMs: 3 * settings.sweepEveryMs,
  deafAfterMs: 60 * SECOND,
};

export const workerSettings = {
  // Jobs do not compute, they wait for a commit that many of them share: the more wait, the more share it.
  concurrency: 100,
  // A killed worker's jobs are taken over after about one lock and two checks, 15 to 20 s; a job
  // takes milliseconds, and one that loses its lock all the same acts only once.
  lockDuration: 10 * SECOND,
  stalledInterval: 5 * SECOND,
  // More stalls than this end the job as failed; the sweep does its work from the database anyway.
  maxStalledCount: 3,
} as const;

export type WorkerSettings = Readonly<Record<keyof typeof workerSettings, number>>;

export const paymentsWorkerSettings: WorkerSettings = {
  ...workerSettings,
  // Each waits for the gateway, for tens of seconds if that is slow, and costs us nothing meanwhile.
  // Many more at once would only be turned away: a gateway answers about a hundred calls a second,
  // in its test mode a quarter of that.
  concurrency: 16,
};

/**
 * How much a sweep of payments takes on at once. A gateway that lets every call run into its time
 * limit keeps such a batch for minutes, so it is small.
 */
export const PAYMENTS_SWEEP_BATCH = 32;

/**
 * After so many batches the next sweep goes on. What is looked at moves its own due instant, but that
 * is the gateway's and the rows' doing, and a sweep must end even if they do not.
 */
export const PAYMENTS_SWEEP_ROUNDS_MAX = 50;

/** Mails between two looks at who else wants to work. */
export const MAILS_BATCH = 50;

export const wakeUpOptions = {
  // A completed id that is kept would silently swallow the next job of that id.
  removeOnComplete: true,
  // Failed jobs are kept for somebody to look at, but never so many that they fill Redis.
  removeOnFail: { count: 1_000, age: 7 * DAY_IN_SECONDS },
  // About half a minute of trying. After that the sweep has long taken over.
  attempts: 6,
  backoff: { type: "exponential", delay: 500, jitter: 0.5 },
} as const satisfies JobsOptions;

export const paymentOptions = {
  removeOnComplete: true,
  removeOnFail: wakeUpOptions.removeOnFail,
  // For a hiccup of the database. What the gateway did not answer is no failed job: the row says
  // when to ask again.
  attempts: 3,
  backoff: { type: "exponential", delay: 1_000, jitter: 0.5 },
} as const satisfies JobsOptions;

export const sweepOptions = {
  removeOnComplete: true,
  removeOnFail: { count: 10 },
  // The next sweep is the retry.
  attempts: 1,
} as const satisfies JobsOptions;

/**
 * Each sweep arms what falls due within this time, in case Redis lost it. What falls due later has
 * more sweeps to come.
 */
export const ARM_AHEAD_MS = 4 * settings.sweepEveryMs;

/** How many wake-ups go to Redis in one call; more would hold up the replies of others. */
export const ARM_BATCH = 500;

/**
 * How many announcements may be unanswered at a time. Beyond that they are dropped, because a Redis
 * that stopped answering must not fill our memory; the sweep and the version check make up for them.
 */
export const UNANSWERED_MAX = 1_000;

/** Closing waits this long for what runs. It may be killed at any moment, so it is a courtesy. */
export const CLOSE_PATIENCE_MS = 20 * SECOND;
