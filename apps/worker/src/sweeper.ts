/**
 * Finds due work that nobody was woken for and does it. This is what makes every wake-up optional.
 * One sweep at a time: whoever asks for another while it runs waits for the same one.
 */
import { settings } from "@scanmeter/core";
import type { Logger } from "pino";
import type { WorkerMetrics } from "./metrics.ts";
import type { MeteringOperations } from "./operations.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface Sweeper {
  sweep(by: "queue" | "process"): Promise<void>;
  /** When the last sweep ended well, by `performance.now()`. */
  lastSweptAt(): number;
  /** Settles when no sweep runs. */
  idle(): Promise<void>;
}

export interface SweeperDeps {
  readonly operations: Pick<MeteringOperations, "sweep">;
  readonly wakeUps: Pick<WakeUps, "armFromDatabase">;
  readonly metrics: WorkerMetrics;
  readonly log: Logger;
}

export function makeSweeper({ operations, wakeUps, metrics, log }: SweeperDeps): Sweeper {
  let running: Promise<void> | null = null;
  let lastSweptAt = performance.now();

  const run = async (by: "queue" | "process") => {
    metrics.sweeps.inc({ by });
    let total = 0;
    for (let isFull = true; isFull; ) {
      const swept = await operations.sweep(settings.sweepBatch);
      total += swept.rescued;
      isFull = swept.isFull;
    }
    lastSweptAt = performance.now();
    // What is due is done; arming what comes next is a courtesy, and without Redis it fails at once.
    await wakeUps.armFromDatabase().catch(() => {});
    if (total === 0) return;
    metrics.rescued.inc(total);
    log.info({ rescued: total, by }, "The sweep did due work that nobody was woken for");
  };

  return {
    sweep(by) {
      running ??= run(by).finally(() => {
        running = null;
      });
      return running;
    },
    lastSweptAt: () => lastSweptAt,
    idle: async () => {
      await running?.catch(() => {});
    },
  };
}
