/** Wake-ups as delayed jobs: armed for the instant something is due, by ids that make arming twice harmless. */
import { after, type Instant } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import { type JobsOptions, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { ARM_AHEAD_MS, ARM_BATCH, sweepOptions } from "./queue-settings.ts";

/** A job as the queue is given it. */
export interface QueuedJob {
  readonly name: string;
  readonly data: object;
  /** Absent where twice the same is two jobs. */
  readonly id?: string;
}

/** What distinguishes the wake-ups of one queue from those of another. */
export interface WakeUpKind<WakeUp> {
  readonly queue: string;
  readonly sweepJob: string;
  readonly options: JobsOptions;
  readonly idOf: (wakeUp: WakeUp) => string;
  readonly jobOf: (wakeUp: WakeUp) => Omit<QueuedJob, "id">;
  /** What the database says falls due until an instant, in pages. */
  readonly list: (page: {
    readonly until: Instant;
    readonly afterId: string;
    readonly limit: number;
  }) => Promise<{ readonly wakeUps: readonly WakeUp[]; readonly lastId: string | null }>;
}

export interface WakeUps<WakeUp> {
  /**
   * Those that fall due so soon that no sweep would arm them in time. The others wait for one: most
   * scans are over long before their next hour and then never cost a job.
   */
  soon(wakeUps: readonly WakeUp[]): readonly WakeUp[];
  /** One call to Redis for all of them; fails at once when Redis is away. */
  arm(wakeUps: readonly WakeUp[]): Promise<void>;
  /** Puts work into the queue that is due now. */
  add(job: QueuedJob): Promise<void>;
  /** Arms what the database says falls due soon. */
  armFromDatabase(): Promise<void>;
  /** Arms everything anew, because the clock moved and the delays are no longer true. */
  rearm(): Promise<void>;
  /** Makes sure that sweeps are scheduled; answers whether they had been lost. */
  scheduleSweeps(everyMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const SWEEP_SCHEDULER = "sweep";

export function openWakeUps<WakeUp extends { readonly dueAt: number }>(
  connection: Redis,
  operations: Pick<Operations, "clock" | "testClock">,
  kind: WakeUpKind<WakeUp>,
): WakeUps<WakeUp> {
  const queue = new Queue(kind.queue, {
    connection,
    // The queue would wait for Redis for ever before its first job. Without the waiting and what is
    // asked at the first contact, adding fails at once and simply works once Redis is there.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  queue.on("error", () => {}); // Told by the connection itself.

  const jobFor = (wakeUp: WakeUp) => ({
    ...kind.jobOf(wakeUp),
    opts: { ...kind.options, jobId: kind.idOf(wakeUp), delay: delayUntil(wakeUp.dueAt) },
  });
  // In real milliseconds: a test clock that runs ten times as fast gets there in a tenth of the time.
  const delayUntil = (dueAt: number) => {
    const rate = operations.testClock?.rate ?? 1;
    return Math.max(0, Math.ceil((dueAt - operations.clock.now()) / rate));
  };

  const arm = async (wakeUps: readonly WakeUp[]) => {
    for (let from = 0; from < wakeUps.length; from += ARM_BATCH) {
      await queue.addBulk(wakeUps.slice(from, from + ARM_BATCH).map(jobFor));
    }
  };
  // Each sweep comes by with the same ones again, and asking Redis whether it knows an id costs a
  // hundredth of handing it over once more; thousands at once would hold up the jobs that are due.
  const withoutKnown = async (wakeUps: readonly WakeUp[]) => {
    const asked = wakeUps.map((wakeUp) => ["exists", queue.toKey(kind.idOf(wakeUp))]);
    const answers = await connection.pipeline(asked).exec();
    return wakeUps.filter((_, at) => answers?.[at]?.[1] !== 1);
  };
  const soonUntil = () => after(operations.clock.now(), ARM_AHEAD_MS);
  const forEachPage = async (run: (wakeUps: readonly WakeUp[]) => Promise<unknown>) => {
    const until = soonUntil();
    for (let afterId: string | null = ""; afterId !== null; ) {
      const page = await kind.list({ until, afterId, limit: ARM_BATCH });
      await run(page.wakeUps);
      afterId = page.lastId;
    }
  };

  return {
    soon: (wakeUps) => {
      const until = soonUntil();
      return wakeUps.filter(({ dueAt }) => dueAt <= until);
    },
    arm,
    async add({ name, data, id }) {
      await queue.add(name, data, { ...kind.options, ...(id !== undefined && { jobId: id }) });
    },
    armFromDatabase: () => forEachPage(async (wakeUps) => arm(await withoutKnown(wakeUps))),
    rearm: () =>
      forEachPage(async (wakeUps) => {
        await Promise.all(wakeUps.map((wakeUp) => queue.remove(kind.idOf(wakeUp))));
        await arm(wakeUps);
      }),
    async scheduleSweeps(everyMs) {
      const scheduled = await queue.getJobScheduler(SWEEP_SCHEDULER);
      if (scheduled?.every === everyMs) return false;
      const template = { name: kind.sweepJob, data: {}, opts: sweepOptions };
      await queue.upsertJobScheduler(SWEEP_SCHEDULER, { every: everyMs }, template);
      return true;
    },
    close: () => queue.close(),
  };
}
