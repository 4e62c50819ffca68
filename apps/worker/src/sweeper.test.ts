import { pino } from "pino";
import { Registry } from "prom-client";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openMetrics, type WorkerMetrics } from "./metrics.ts";
import { makeSweeper, type SweepPart } from "./sweeper.ts";
import { hold } from "./testing/hold.ts";

let metrics: WorkerMetrics;
beforeEach(() => {
  metrics = openMetrics(new Registry());
});

const nothing = { rescued: 0, isFull: false };
const sweeperOf = (...parts: SweepPart[]) =>
  makeSweeper({ parts, metrics: metrics.metering, log: pino({ level: "silent" }) });
const rescued = async () => (await metrics.metering.rescued.get()).values[0]?.value;

describe("a sweep", () => {
  test("goes on until nothing more is found, counts it, and arms what comes next", async () => {
    const sweepBatch = vi
      .fn(async () => nothing)
      .mockResolvedValueOnce({ rescued: 2, isFull: true })
      .mockResolvedValueOnce({ rescued: 1, isFull: true });
    const arm = vi.fn(async () => {});
    await sweeperOf({ sweepBatch, arm }).sweep("queue");
    expect(sweepBatch).toHaveBeenCalledTimes(3);
    expect(await rescued()).toBe(3);
    expect(arm).toHaveBeenCalledTimes(1);
  });

  test("that finds more and more ends after as many batches as it may have", async () => {
    const sweepBatch = vi.fn(async () => ({ rescued: 1, isFull: true }));
    await sweeperOf({ sweepBatch, batchesMax: 4 }).sweep("queue");
    expect(sweepBatch).toHaveBeenCalledTimes(4);
  });

  test("is well although nothing could be armed", async () => {
    const arm = async () => {
      throw new Error("Redis is away");
    };
    await sweeperOf({ sweepBatch: async () => nothing, arm }).sweep("queue");
  });

  test("that was closed begins no further batch, and closing waits for the one that runs", async () => {
    const slow = hold();
    const sweepBatch = vi.fn(async () => {
      await slow.promise;
      return { rescued: 1, isFull: true };
    });
    const sweeper = sweeperOf({ sweepBatch });
    const sweep = sweeper.sweep("process");
    const closed = sweeper.close();
    slow.release();
    await Promise.all([sweep, closed]);
    expect(sweepBatch).toHaveBeenCalledTimes(1);
  });
});

describe("the parts of a sweep", () => {
  test("do not wait for one that is slow, and that one is not begun again", async () => {
    const gateway = hold();
    const slow = vi.fn(() => gateway.promise.then(() => nothing));
    const quick = vi.fn(async () => nothing);
    const sweeper = sweeperOf({ sweepBatch: slow }, { sweepBatch: quick });
    const first = sweeper.sweep("queue");
    const sweptAgain = async () => {
      await sweeper.sweep("process");
      return quick.mock.calls.length;
    };
    await expect.poll(sweptAgain).toBeGreaterThan(2);
    expect(slow).toHaveBeenCalledTimes(1);

    gateway.release();
    await first;
    await sweeper.sweep("queue");
    expect(slow).toHaveBeenCalledTimes(2);
  });

  test("go on when one fails, whose error is told when the others are through", async () => {
    const slow = hold();
    const after = vi.fn(() => slow.promise.then(() => ({ rescued: 1, isFull: false })));
    const failing = async () => {
      throw new Error("the database is away");
    };
    const sweeper = sweeperOf({ sweepBatch: failing }, { sweepBatch: after });
    const sweep = sweeper.sweep("queue");
    slow.release();
    await expect(sweep).rejects.toThrow("the database is away");
    expect(await rescued()).toBe(1);
  });
});
