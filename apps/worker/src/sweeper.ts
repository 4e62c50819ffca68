/**
 * Finds due work that nobody was woken for and does it. This is what makes every wake-up optional.
 * Each part of it goes at its own pace: one that waits for somebody slow holds up none of the others,
 * and is not begun a second time meanwhile.
 */
import type { Logger } from "pino";
import type { QueueMetrics } from "./metrics.ts";

export interface Sweeper {
  /** Begins the parts that nobody is at, and settles with them. */
  sweep(by: "queue" | "process"): Promise<void>;
  /** When somebody last came to sweep, by `performance.now()`. */
  lastSweptAt(): number;
  /** Begins no further batch; settles when no sweep runs. */
  close(): Promise<void>;
}

export interface SweepPart {
  /** Does a bounded batch of what is due. */
  readonly sweepBatch: () => Promise<{ readonly rescued: number; readonly isFull: boolean }>;
  /** After so many batches the next sweep goes on; none where each batch is sure to make progress. */
  readonly batchesMax?: number;
  /** Arms what falls due next. */
  readonly arm?: () => Promise<void>;
}

export interface SweeperDeps {
  readonly parts: readonly SweepPart[];
  readonly metrics: Pick<QueueMetrics, "sweeps" | "rescued">;
  readonly log: Logger;
}

export function makeSweeper({ parts, metrics, log }: SweeperDeps): Sweeper {
  const running = new Map<SweepPart, Promise<void>>();
  let lastSweptAt = performance.now();
  let isClosed = false;

  const run = async (part: SweepPart, by: "queue" | "process") => {
    const { sweepBatch, batchesMax = Number.POSITIVE_INFINITY, arm } = part;
    let total = 0;
    for (let batch = 1, isFull = true; isFull && batch <= batchesMax && !isClosed; batch++) {
      const swept = await sweepBatch();
      total += swept.rescued;
      isFull = swept.isFull;
    }
    // What is due is done; arming what comes next is a courtesy, and without Redis it fails at once.
    await arm?.().catch(() => {});
    if (total === 0) return;
    metrics.rescued.inc(total);
    log.info({ rescued: total, by }, "The sweep did due work that nobody was woken for");
  };

  return {
    async sweep(by) {
      lastSweptAt = performance.now();
      const idle = parts.filter((part) => !running.has(part));
      if (idle.length > 0) metrics.sweeps.inc({ by });
      const begun = idle.map((part) => {
        const sweep = run(part, by).finally(() => running.delete(part));
        running.set(part, sweep);
        return sweep;
      });
      const failed = (await Promise.allSettled(begun)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
    lastSweptAt: () => lastSweptAt,
    async close() {
      isClosed = true;
      await Promise.allSettled(running.values());
    },
  };
}
