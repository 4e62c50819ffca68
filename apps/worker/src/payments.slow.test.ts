/** Real purchases over the local Stripe, finished by the worker alone because the customer's own answer was lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYMENTS_QUEUE, paymentJobNames } from "@scanmeter/contracts/jobs";
import { after, instant } from "@scanmeter/core";
import { findOpenTopUp, listAlerts, type TopUpRow } from "@scanmeter/db";
import type { TestClock } from "@scanmeter/operations";
import { openShop, type Shop } from "@scanmeter/operations/testing/shop";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import type { WorkerOperations } from "./operations.ts";
import { CLOSE_PATIENCE_MS, type QueueTimings } from "./queue-settings.ts";
import { createWorker, type MeteringWorker } from "./worker.ts";

const HOUR = 60 * 60_000;
const QUANTITY = 10;
const neverSweeps: QueueTimings = {
  sweepEveryMs: HOUR,
  sweepOverdueAfterMs: HOUR,
  deafAfterMs: HOUR,
};

let dir: string;
let redis: PrivateRedis;
let client: Redis;
let queue: Queue;
let shop: Shop;
let worker: MeteringWorker;
let registry: Registry;
let delivered: string[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "payments-redis-"));
  redis = await startRedis({ dir });
  client = new Redis(redis.url, { maxRetriesPerRequest: null });
  queue = new Queue(PAYMENTS_QUEUE, { connection: client });
});
afterAll(async () => {
  await queue.close();
  client.disconnect();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  await client.flushall();
  shop = await openShop({ clock: "test" });
  registry = new Registry();
  delivered = [];
});
afterEach(async () => {
  await worker.close();
  await shop.close();
});

async function start(operations: WorkerOperations = shop.operations): Promise<void> {
  worker = createWorker({
    operations,
    deliver: async ({ key }) => void delivered.push(key),
    redisUrl: redis.url,
    log: pino({ level: "silent" }),
    metrics: registry,
    timings: neverSweeps,
  });
  shop.operations.announceTo(worker.announce);
  shop.operations.wakeThrough(worker.wake);
  await worker.start();
  await eventually(() => done(paymentJobNames.sweep)).toBe(1);
}

/** Charged over there, and not a word of it came back: neither an answer nor a reading. */
async function payUnheard(): Promise<TopUpRow> {
  const { stripe, buying } = shop;
  const { account, checkoutId, totalMinor } = await shop.readyToPay("ada", { quantity: QUANTITY });
  const unheard = { kind: "html_502", phase: "after", times: 0 };
  const confirming = { method: "post", path: "/v1/payment_intents/*/confirm" };
  await stripe.control("/faults", { ...confirming, ...unheard });
  await stripe.control("/faults", { method: "get", path: "/v1/payment_intents/*", ...unheard });
  await buying.finalizeCheckout({ account, checkoutId, expectedTotalMinor: totalMinor });
  await fetch(`${stripe.url}/_control/faults`, { method: "DELETE" });
  await stripe.control("/idle");
  const row = await findOpenTopUp(shop.operations.database, account.id);
  if (row === null) throw new Error("Nobody has heard yet that it is paid.");
  return row;
}

async function countOf(name: string, labels: Record<string, string> = {}): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const counted = values.filter((one) =>
    Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  return counted.reduce((sum, { value }) => sum + value, 0);
}
const done = (job: string) => countOf("payments_jobs_total", { job, outcome: "done" });
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 50 });

async function isPaidOnce({ topUp }: TopUpRow): Promise<void> {
  await eventually(() => shop.state(topUp.id)).toBe("paid");
  expect(await shop.available(topUp.accountId)).toBe(QUANTITY);
  expect(await shop.succeededPayments()).toBe(1);
  expect(await listAlerts(shop.operations.database)).toEqual([]);
  await eventually(() => delivered).toEqual([expect.stringContaining("receipt")]);
  expect(await countOf("payments_sweep_rescued_total")).toBe(0);
}

describe("a purchase whose answer was lost", () => {
  test("is settled once by what the gateway tells, however often the jobs run side by side", async () => {
    await start();
    const bought = await payUnheard();
    const events = shop.stripe.deliveries.flatMap(
      ({ body, signature }) => shop.buying.verifyEvent(body, signature) ?? [],
    );
    expect(events.map(({ type }) => type)).toContain("payment_intent.succeeded");
    await Promise.all(events.map((event) => shop.buying.receiveEvent(event)));
    const again = events.flatMap(({ id: eventId }) =>
      Array.from({ length: 20 }, () => ({ name: paymentJobNames.gatewayEvent, data: { eventId } })),
    );
    await queue.addBulk(again);
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(again.length + events.length);
    await isPaidOnce(bought);
  });

  test("is settled at its next instant by its own job, although nothing is ever told", async () => {
    await start();
    const bought = await payUnheard();
    const { nextStepAt } = bought.topUp;
    if (nextStepAt === null) throw new Error("Something is owed to a purchase under way.");
    (shop.operations.testClock as TestClock).jump(after(instant(nextStepAt), -300));
    await worker.rearm();
    await isPaidOnce(bought);
    await eventually(() => done(paymentJobNames.topUpDue)).toBe(1);
  });
});

test("closing waits for a gateway that does not answer, and not for ever", async () => {
  let release = () => {};
  const silence = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  const { handleEvent, listWakeUps, pursueTopUp } = shop.buying;
  const hang = async () => {
    asked += 1;
    await silence;
  };
  const sweep = async () => {
    await hang();
    return { rescued: 0, isFull: true };
  };
  const buying = { handleEvent, listWakeUps, pursueTopUp, sweep };
  await start({ ...shop.operations, buying });
  await eventually(() => asked).toBe(1);

  const closedAt = performance.now();
  await worker.close();
  const tookMs = performance.now() - closedAt;
  expect(tookMs).toBeGreaterThan(CLOSE_PATIENCE_MS - 1_000);
  expect(tookMs).toBeLessThan(CLOSE_PATIENCE_MS + 3_000);
  // What it was asked last is the end of it: no further batch is begun.
  release();
  await silence;
  expect(asked).toBe(1);
});
