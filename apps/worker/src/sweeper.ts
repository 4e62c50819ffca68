/**
 * Finds due work that nobody was woken for and does it. This is what makes every wake-up optional.
 * One sweep at a time: whoever asks for another while it runs waits for the same one.
 */
import type { Logger } from "pino";
import type { QueueMetrics } from "./metrics.ts";

export interface Sweeper {
  sweep(by: "queue" | "process"): Promise<void>;
  isSweeping(): boolean;
  /** When the last sweep ended well, by `performance.now()`. */
  lastSweptAt(): number;
  /** Begins no further batch; settles when no sweep runs. */
  close(): Promise<void>;
}

export interface SweeperDeps {
  /** Does a bounded batch of what is due. */
  readonly sweepBatch: () => Promise<{ readonly rescued: number; readonly isFull: boolean }>;
  /** After so many batches the next sweep goes on; none where each batch is sure to make progress. */
  readonly batchesMax?: number;
  /** Arms what falls due next. */
  readonly arm: () => Promise<void>;
  readonly metrics: Pick<QueueMetrics, "sweeps" | "rescued">;
  readonly log: Logger;
}

export function makeSweeper(deps: SweeperDeps): Sweeper {
  const { sweepBatch, batchesMax = Number.POSITIVE_INFINITY, arm, metrics, log } = deps;
  let running: Promise<void> | null = null;
  let lastSweptAt = performance.now();
  let isClosed = false;

  const run = async (by: "queue" | "process") => {
    metrics.sweeps.inc({ by });
    let total = 0;
    for (let batch = 1, isFull = true; isFull && batch <= batchesMax && !isClosed; batch++) {
      const swept = await sweepBatch();
      total += swept.rescued;
      isFull = swept.isFull;
    }
    lastSweptAt = performance.now();
    // What is due is done; arming what comes next is a courtesy, and without Redis it fails at once.
    await arm().catch(() => {});
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
    isSweeping: () => running !== null,
    lastSweptAt: () => lastSweptAt,
    async close() {
      isClosed = true;
      await running?.catch(() => {});
    },
  };
}
