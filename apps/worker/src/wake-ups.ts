/** Wake-ups as delayed jobs: armed for the instant something is due, by ids that make arming twice harmless. */
import { after, type Instant } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import type { JobQueue, QueuedJob } from "./job-queue.ts";
import { ARM_AHEAD_MS, ARM_BATCH } from "./queue-settings.ts";

/** What distinguishes wake-ups for one reason from those for another. */
export interface WakeUpKind<WakeUp> {
  readonly idOf: (wakeUp: WakeUp) => string;
  readonly jobOf: (wakeUp: WakeUp) => Pick<QueuedJob, "name" | "data">;
  /** What the database says is to come, in pages: all of it, or what falls due until an instant. */
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
  disarm(wakeUps: readonly WakeUp[]): Promise<void>;
  /** Arms what the database says is to come and Redis does not know. */
  armFromDatabase(): Promise<void>;
  /** Arms everything anew, because the clock moved and the delays are no longer true. */
  rearm(): Promise<void>;
}

export function makeWakeUps<WakeUp extends { readonly dueAt: number }>(
  queue: Pick<JobQueue, "add" | "remove" | "missing">,
  operations: Pick<Operations, "clock" | "testClock">,
  kind: WakeUpKind<WakeUp>,
): WakeUps<WakeUp> {
  // In real milliseconds: a test clock that runs ten times as fast gets there in a tenth of the time.
  const delayUntil = (dueAt: number) => {
    const rate = operations.testClock?.rate ?? 1;
    return Math.max(0, Math.ceil((dueAt - operations.clock.now()) / rate));
  };
  const arm = async (wakeUps: readonly WakeUp[]) => {
    for (let from = 0; from < wakeUps.length; from += ARM_BATCH) {
      const jobs = wakeUps.slice(from, from + ARM_BATCH).map((wakeUp) => ({
        ...kind.jobOf(wakeUp),
        id: kind.idOf(wakeUp),
        delayMs: delayUntil(wakeUp.dueAt),
      }));
      await queue.add(jobs);
    }
  };
  const disarm = (wakeUps: readonly WakeUp[]) => queue.remove(wakeUps.map(kind.idOf));
  // Each sweep comes by with the same ones again, and asking Redis whether it knows an id costs a
  // hundredth of handing it over once more; thousands at once would hold up the jobs that are due.
  const armMissing = async (wakeUps: readonly WakeUp[]) => {
    const missing = await queue.missing(wakeUps.map(kind.idOf));
    await arm(wakeUps.filter((wakeUp) => missing.has(kind.idOf(wakeUp))));
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
    disarm,
    armFromDatabase: () => forEachPage(armMissing),
    rearm: () =>
      forEachPage(async (wakeUps) => {
        await disarm(wakeUps);
        await arm(wakeUps);
      }),
  };
}
