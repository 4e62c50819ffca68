/** Wake-ups as delayed jobs: armed for the instant something is due, by ids that make arming twice harmless. */
import { jobIdForScanDue, jobNames, METERING_QUEUE, type WakeUp } from "@scanmeter/contracts/jobs";
import { after } from "@scanmeter/core";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { MeteringOperations } from "./operations.ts";
import { ARM_AHEAD_MS, ARM_BATCH, sweepOptions, wakeUpOptions } from "./queue-settings.ts";

export interface WakeUps {
  /**
   * Those that fall due so soon that no sweep would arm them in time. The others wait for one: most
   * scans are over long before their next hour and then never cost a job.
   */
  soon(wakeUps: readonly WakeUp[]): readonly WakeUp[];
  /** One call to Redis for all of them; fails at once when Redis is away. */
  arm(wakeUps: readonly WakeUp[]): Promise<void>;
  /** Arms what the database says falls due soon. */
  armFromDatabase(): Promise<void>;
  /** Arms everything anew, because the clock moved and the delays are no longer true. */
  rearm(): Promise<void>;
  /** Makes sure that sweeps are scheduled; answers whether they had been lost. */
  scheduleSweeps(everyMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const SWEEP_SCHEDULER = "sweep";

export function openWakeUps(
  connection: Redis,
  operations: Pick<MeteringOperations, "clock" | "listWakeUps" | "testClock">,
): WakeUps {
  const queue = new Queue(METERING_QUEUE, {
    connection,
    // The queue would wait for Redis for ever before its first job. Without the waiting and what is
    // asked at the first contact, adding fails at once and simply works once Redis is there.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  queue.on("error", () => {}); // Told by the connection itself.

  const jobOf = (wakeUp: WakeUp) => ({
    name: jobNames.scanDue,
    data: { accountId: wakeUp.accountId, scanId: wakeUp.scanId },
    opts: { ...wakeUpOptions, jobId: jobIdForScanDue(wakeUp), delay: delayUntil(wakeUp.dueAt) },
  });
  // In real milliseconds: a test clock that runs ten times as fast gets there in a tenth of the time.
  const delayUntil = (dueAt: number) => {
    const rate = operations.testClock?.rate ?? 1;
    return Math.max(0, Math.ceil((dueAt - operations.clock.now()) / rate));
  };

  const arm = async (wakeUps: readonly WakeUp[]) => {
    for (let from = 0; from < wakeUps.length; from += ARM_BATCH) {
      await queue.addBulk(wakeUps.slice(from, from + ARM_BATCH).map(jobOf));
    }
  };
  // Each sweep comes by with the same ones again, and asking Redis whether it knows an id costs a
  // hundredth of handing it over once more; thousands at once would hold up the jobs that are due.
  const withoutKnown = async (wakeUps: readonly WakeUp[]) => {
    const asked = wakeUps.map((wakeUp) => ["exists", queue.toKey(jobIdForScanDue(wakeUp))]);
    const answers = await connection.pipeline(asked).exec();
    return wakeUps.filter((_, at) => answers?.[at]?.[1] !== 1);
  };
  const soonUntil = () => after(operations.clock.now(), ARM_AHEAD_MS);
  const forEachPage = async (run: (wakeUps: readonly WakeUp[]) => Promise<unknown>) => {
    const until = soonUntil();
    for (let afterScanId: string | null = ""; afterScanId !== null; ) {
      const page = await operations.listWakeUps({ until, afterScanId, limit: ARM_BATCH });
      await run(page.wakeUps);
      afterScanId = page.lastScanId;
    }
  };

  return {
    soon: (wakeUps) => {
      const until = soonUntil();
      return wakeUps.filter(({ dueAt }) => dueAt <= until);
    },
    arm,
    armFromDatabase: () => forEachPage(async (wakeUps) => arm(await withoutKnown(wakeUps))),
    rearm: () =>
      forEachPage(async (wakeUps) => {
        await Promise.all(wakeUps.map((wakeUp) => queue.remove(jobIdForScanDue(wakeUp))));
        await arm(wakeUps);
      }),
    async scheduleSweeps(everyMs) {
      const scheduled = await queue.getJobScheduler(SWEEP_SCHEDULER);
      if (scheduled?.every === everyMs) return false;
      const template = { name: jobNames.sweep, data: {}, opts: sweepOptions };
      await queue.upsertJobScheduler(SWEEP_SCHEDULER, { every: everyMs }, template);
      return true;
    },
    close: () => queue.close(),
  };
}
