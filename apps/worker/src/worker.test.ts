import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeLiveNotices,
  jobNames,
  LIVE_CHANNEL,
  METERING_QUEUE,
} from "@scanmeter/contracts/jobs";
import { after, type Instant } from "@scanmeter/core";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { type Logger, pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { ARM_AHEAD_MS, type QueueTimings, queueTimings, UNANSWERED_MAX } from "./queue-settings.ts";
import { type Metering, openMetering } from "./testing/metering.ts";
import { createWorker, type MeteringWorker, RedisRefuses } from "./worker.ts";

const HOUR = 60 * 60_000;
/** So rare that whatever happens in a test was not done by a sweep. */
const neverSweeps: QueueTimings = {
  sweepEveryMs: HOUR,
  sweepOverdueAfterMs: HOUR,
  deafAfterMs: HOUR,
};
const sweepsOften: QueueTimings = {
  sweepEveryMs: 100,
  sweepOverdueAfterMs: 300,
  deafAfterMs: HOUR,
};

let dir: string;
let redis: PrivateRedis;
let client: Redis;
let queue: Queue;
let metering: Metering;
let registry: Registry;
let worker: MeteringWorker | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "worker-redis-"));
  redis = await startRedis({ dir });
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
  queue = new Queue(METERING_QUEUE, { connection: client });
});

afterAll(async () => {
  await queue.close();
  client.disconnect();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  await client.flushall();
  metering = await openMetering();
  registry = new Registry();
});

afterEach(async () => {
  await worker?.close();
  worker = undefined;
  await metering.close();
});

const quiet = pino({ level: "silent" });

async function start(
  timings: QueueTimings = neverSweeps,
  { redisUrl = redis.url, log = quiet }: { redisUrl?: string; log?: Logger } = {},
): Promise<MeteringWorker> {
  const { operations } = metering;
  const started = createWorker({ operations, redisUrl, log, metrics: registry, timings });
  worker = started;
  operations.announceTo(started.announce);
  await started.start();
  return started;
}

/** The queue's own idea of time is the real one, so hours are skipped and the wake-ups told. */
async function passTimeUntilJustBefore(scan: Parameters<Metering["passTime"]>[0], due: Instant) {
  await metering.passTime(scan, (due - 300) as Instant);
  await worker?.rearm();
}

/** So near that a sweep arms it, and far enough not to come due while the test looks. */
const passTimeUntilNear = (scan: Parameters<Metering["passTime"]>[0], due: Instant) =>
  metering.passTime(scan, (due - ARM_AHEAD_MS / 2) as Instant);

const wakeUpFor = ({ id }: { readonly id: string }, hour: number) =>
  expect.stringMatching(new RegExp(`^hour-${id}-${hour}-`));

const hoursOf = async (scan: Parameters<Metering["readScan"]>[0]) =>
  (await metering.readScan(scan)).hours;
async function countOf(name: string, job?: string): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const counted = values.filter(({ labels }) => job === undefined || labels.job === job);
  return counted.reduce((sum, { value }) => sum + value, 0);
}
/** A condition that must come true; the limit only says when to stop hoping on a busy machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8_000, interval: 20 });
const wakeUpsRun = () => countOf("worker_jobs_total", jobNames.scanDue);
const delayedIds = async () => (await queue.getDelayed()).map(({ id }) => id ?? "");

describe("an hour that comes due", () => {
  test("costs no job until it is near, and then has one", async () => {
    await start(sweepsOften);
    const scan = await metering.startScan();
    await eventually(() => countOf("worker_sweeps_total")).toBeGreaterThan(1);
    expect(await delayedIds()).not.toContainEqual(expect.stringContaining(scan.id));

    await passTimeUntilNear(scan, after(scan.startedAt, HOUR));
    await eventually(delayedIds).toContainEqual(wakeUpFor(scan, 2));
  });

  test("is debited by its own job at its instant", async () => {
    await start();
    const scan = await metering.startScan();
    const boundary = after(scan.startedAt, HOUR);
    await passTimeUntilJustBefore(scan, boundary);
    expect(await hoursOf(scan)).toHaveLength(1);

    await eventually(() => hoursOf(scan)).toHaveLength(2);
    expect((await hoursOf(scan))[1]?.boundary).toBe(boundary);
    await eventually(wakeUpsRun).toBe(1);
    expect(await countOf("sweep_rescued_total")).toBe(0);
  });

  test("is debited once however often its job runs", async () => {
    await start();
    const scan = await metering.startScan();
    await metering.passTime(scan, after(scan.startedAt, HOUR));
    const version = await metering.version();

    const job = { name: jobNames.scanDue, data: { accountId: scan.accountId, scanId: scan.id } };
    await queue.addBulk(Array.from({ length: 20 }, () => job));
    await eventually(wakeUpsRun).toBe(20);
    expect(await hoursOf(scan)).toHaveLength(2);
    expect(await metering.version()).toBe(version);
  });

  test("is told to the live feeds by the write that debited it", async () => {
    await start();
    const subscriber = client.duplicate();
    const heard: string[] = [];
    subscriber.on("message", (_channel, message) => heard.push(message));
    await subscriber.subscribe(LIVE_CHANNEL);

    const scan = await metering.startScan();
    await eventually(() => heard.flatMap(decodeLiveNotices)).toEqual([
      { accountId: scan.accountId, version: await metering.version() },
    ]);
    subscriber.disconnect();
  });
});

describe("jobs that should not be there", () => {
  test("a wake-up for a scan that ended, never was or belongs to nobody does nothing", async () => {
    await start();
    const scan = await metering.startScan();
    const { accountId } = scan;
    await metering.operations.finishScan({ accountId, scanId: scan.id, outcome: "completed" });
    const version = await metering.version();

    const payloads = [
      { accountId, scanId: scan.id },
      { accountId, scanId: "scan_nothing" },
      { accountId: "acc_nobody", scanId: scan.id },
    ];
    await queue.addBulk(payloads.map((data) => ({ name: jobNames.scanDue, data })));
    await eventually(wakeUpsRun).toBe(3);
    expect(await metering.version()).toBe(version);
    expect(await queue.getFailedCount()).toBe(0);
  });

  test("a crafted job fails at once, is not tried again and disturbs nobody", async () => {
    await start();
    const attempts = { attempts: 5, backoff: 10 };
    await queue.addBulk([
      { name: "drop-everything", data: {}, opts: attempts },
      { name: "__proto__", data: {}, opts: attempts },
      { name: jobNames.scanDue, data: { accountId: "a", scanId: "b", hour: 99 }, opts: attempts },
      { name: jobNames.scanDue, data: { accountId: 7 }, opts: attempts },
      { name: jobNames.scanDue, data: null, opts: attempts },
      { name: jobNames.sweep, data: { limit: 1e9 }, opts: attempts },
    ]);
    await eventually(() => queue.getFailedCount()).toBe(6);
    const failed = await queue.getFailed();
    expect(failed.map((job) => job.attemptsMade)).toEqual([1, 1, 1, 1, 1, 1]);

    await queue.add(jobNames.sweep, {}, { removeOnComplete: true });
    await eventually(() => queue.getActiveCount()).toBe(0);
    expect(await queue.getFailedCount()).toBe(6);
  });
});

describe("a Redis that forgets", () => {
  test("after FLUSHALL the sweep does what came due, and wake-ups and sweeps are armed again", async () => {
    const scan = await metering.startScan();
    await passTimeUntilNear(scan, after(scan.startedAt, HOUR));
    await start(sweepsOften);
    await eventually(delayedIds).toContainEqual(wakeUpFor(scan, 2));

    await client.flushall();
    await eventually(delayedIds).toContainEqual(wakeUpFor(scan, 2));
    await metering.passTime(scan, after(scan.startedAt, HOUR - 1));
    metering.clock.jump(after(scan.startedAt, HOUR + 1_000));
    await eventually(() => hoursOf(scan)).toHaveLength(2);
    await eventually(() => queue.getJobScheduler("sweep")).toMatchObject({ every: 100 });
  });

  test("what is near at the start is armed at the start", async () => {
    const scan = await metering.startScan();
    await passTimeUntilNear(scan, after(scan.startedAt, HOUR));
    await start();
    await eventually(delayedIds).toContainEqual(wakeUpFor(scan, 2));
  });

  test("an hour that came due while nobody was there is debited at the start", async () => {
    const scan = await metering.startScan();
    await metering.passTime(scan, after(scan.startedAt, HOUR - 1_000));
    metering.clock.jump(after(scan.startedAt, HOUR + 1_000));
    await start();
    await eventually(() => hoursOf(scan)).toHaveLength(2);
  });
});

describe("a Redis that is away", () => {
  test("hours are debited by the process itself, and announcing costs the writer nothing", async () => {
    const nowhere = `redis://127.0.0.1:${await freePort()}`;
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const started = await start(sweepsOften, { redisUrl: nowhere, log });
    expect(started.isReady()).toBe(false);

    const scan = await metering.startScan();
    await metering.passTime(scan, after(scan.startedAt, HOUR - 1));
    metering.clock.jump(after(scan.startedAt, HOUR));
    await eventually(() => hoursOf(scan)).toHaveLength(2);

    expect(await countOf("worker_announcements_lost_total")).toBeGreaterThan(0);
    const sentences = lines.map((line) => JSON.parse(line).msg as string);
    expect(new Set(sentences).size).toBe(1);
    expect(sentences[0]).toContain(`Redis at ${nowhere} does not answer: connect ECONNREFUSED`);
    const closedAt = performance.now();
    await started.close();
    expect(performance.now() - closedAt).toBeLessThan(2_000);
  });

  test("a Redis that comes later is taken into use", async () => {
    const port = await freePort();
    const started = await start(sweepsOften, { redisUrl: `redis://127.0.0.1:${port}` });
    const scan = await metering.startScan();
    await passTimeUntilNear(scan, after(scan.startedAt, HOUR));
    const laterDir = mkdtempSync(join(tmpdir(), "worker-later-"));
    const later = await startRedis({ dir: laterDir, port });
    try {
      await eventually(() => started.isReady()).toBe(true);
      const peek = new Redis(later.url);
      const peekQueue = new Queue(METERING_QUEUE, { connection: peek });
      await eventually(async () =>
        (await peekQueue.getDelayed()).map(({ id }) => id),
      ).toContainEqual(expect.stringContaining(scan.id));
      await peekQueue.close();
      peek.disconnect();
      await started.close();
    } finally {
      await later.stop();
      rmSync(laterDir, { recursive: true, force: true });
    }
  });

  test("a Redis that is full refuses wake-ups, and hours are debited all the same", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    const started = await start(sweepsOften, { log });
    await eventually(() => started.isReady()).toBe(true);
    await client.config("SET", "maxmemory", "1mb");
    try {
      const scan = await metering.startScan();
      await eventually(() => started.isReady()).toBe(false);
      await metering.passTime(scan, after(scan.startedAt, HOUR - 1));
      metering.clock.jump(after(scan.startedAt, HOUR));
      await eventually(() => hoursOf(scan)).toHaveLength(2);
      expect(lines.join()).toContain("is full");
    } finally {
      await client.config("SET", "maxmemory", "0");
    }
    await eventually(() => started.isReady()).toBe(true);
  });

  test("a Redis that holds its replies back neither slows the writer nor fills its memory", async () => {
    const started = await start(sweepsOften);
    await eventually(() => started.isReady()).toBe(true);
    const { accountId } = await metering.startScan();
    process.kill(redis.pid, "SIGSTOP");
    try {
      const announcement = { accountId, version: 1, reason: "debit", wakeUps: [] } as const;
      const startedAt = performance.now();
      for (let i = 0; i < UNANSWERED_MAX + 5_000; i++) started.announce([announcement]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      expect(await countOf("worker_announcements_lost_total")).toBeGreaterThanOrEqual(5_000);
    } finally {
      process.kill(redis.pid, "SIGCONT");
    }
    await eventually(() => started.isReady()).toBe(true);
  });

  test("a Redis that does not let us in ends the start with one sentence", async () => {
    const password = "not-for-the-log";
    await client.config("SET", "requirepass", password);
    try {
      const url = new URL(redis.url);
      url.password = "wrong-password";
      const refusal = await start(neverSweeps, { redisUrl: url.href }).catch((error) => error);
      expect(refusal).toBeInstanceOf(RedisRefuses);
      expect(refusal.message).toMatch(/refuses to let Scanmeter in \(WRONGPASS.*REDIS_URL\.$/);
      expect(refusal.message).not.toContain("wrong-password");
      await worker?.close();
      registry = new Registry();
      await expect(start(neverSweeps)).rejects.toThrow(/NOAUTH/);
    } finally {
      await client.config("SET", "requirepass", "");
    }
  });

  test("a Redis that would forget or evict jobs is named once with what to set", async () => {
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    await client.config("SET", "appendonly", "no");
    try {
      const lines: string[] = [];
      const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
      await start(neverSweeps, { log });
      await eventually(() => lines).toHaveLength(1);
      expect(lines[0]).toContain("appendonly yes (it is no)");
      expect(lines[0]).toContain("maxmemory-policy noeviction (it is allkeys-lru)");
    } finally {
      await client.config("SET", "maxmemory-policy", "noeviction");
      await client.config("SET", "appendonly", "yes");
    }
  });
});

test("a worker that takes no jobs although Redis answers is replaced, and the process sweeps meanwhile", async () => {
  await start({ ...sweepsOften, deafAfterMs: 500 });
  await queue.pause();
  const scan = await metering.startScan();
  await metering.passTime(scan, after(scan.startedAt, HOUR - 1));
  metering.clock.jump(after(scan.startedAt, HOUR));
  await eventually(() => hoursOf(scan)).toHaveLength(2);
  await eventually(() => countOf("worker_replaced_total")).toBeGreaterThan(0);

  await queue.resume();
  const swept = await countOf("worker_jobs_total");
  await eventually(() => countOf("worker_jobs_total")).toBeGreaterThan(swept);
});

test("a job that fails for an outside reason is tried again, later each time", async () => {
  const { operations } = metering;
  const catchUp = vi.fn(operations.catchUp).mockRejectedValueOnce(new Error("the disk hiccuped"));
  const failing = { ...operations, catchUp };
  worker = createWorker({
    operations: failing,
    redisUrl: redis.url,
    log: quiet,
    metrics: registry,
    timings: neverSweeps,
  });
  operations.announceTo(worker.announce);
  await worker.start();
  const scan = await metering.startScan();
  await passTimeUntilJustBefore(scan, after(scan.startedAt, HOUR));
  await eventually(() => hoursOf(scan)).toHaveLength(2);
  expect(catchUp).toHaveBeenCalledTimes(2);
});

test("the numbers of the rules are the numbers of the queue", () => {
  expect(queueTimings).toEqual({
    sweepEveryMs: 15_000,
    sweepOverdueAfterMs: 45_000,
    deafAfterMs: 60_000,
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
