import { jobNames, paymentJobNames } from "@scanmeter/contracts/jobs";
import { after, credits, type Instant, minor } from "@scanmeter/core";
import { addCustomer, listAlerts, listMails, mailStatement, raiseAlert } from "@scanmeter/db";
import type { OutgoingMail, SendMail } from "@scanmeter/operations";
import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { BuyingOperations, WorkerOperations } from "./operations.ts";
import {
  ARM_AHEAD_MS,
  PAYMENTS_SWEEP_ROUNDS_MAX,
  paymentsWorkerSettings,
  type QueueTimings,
} from "./queue-settings.ts";
import { hold as holdOn } from "./testing/hold.ts";
import { type Metering, openMetering } from "./testing/metering.ts";
import { nowhereGateway } from "./testing/nowhere-gateway.ts";
import {
  eventually,
  neverSweeps,
  openWorkerTrial,
  sweepsOften,
  type WorkerStart,
  type WorkerTrial,
} from "./testing/worker-trial.ts";

const HOUR = 60 * 60_000;
/** A port nobody listens at. */
const NOWHERE = "redis://127.0.0.1:9";
const HANDS = paymentsWorkerSettings.concurrency;

let trial: WorkerTrial;
let queue: Queue;
let metering: Metering;
let delivered: OutgoingMail[];
let held: (() => void)[];

beforeAll(async () => {
  trial = await openWorkerTrial();
  queue = trial.queue;
});
afterAll(() => trial.close());

beforeEach(async () => {
  metering = await openMetering({ payments: nowhereGateway });
  delivered = [];
  held = [];
});
afterEach(async () => {
  for (const release of held) release();
  await trial.reset();
  await metering.close();
});

const deliver: SendMail = async (mail) => void delivered.push(mail);
const start = (about: WorkerStart = {}) => trial.start(metering.operations, { deliver, ...about });
const countOf = (name: string, labels?: Record<string, string>) => trial.countOf(name, labels);
const done = (job: string) => trial.done(job);

/** Buying that does what a test says, for what must be held still or counted. */
function withBuying(buying: Partial<BuyingOperations>): Partial<WorkerOperations> {
  const real = metering.operations.buying;
  if (real === null) throw new Error("Something can be bought here.");
  const { handleEvent, listWakeUps, pursueTopUp, sweep } = real;
  return { buying: { handleEvent, listWakeUps, pursueTopUp, sweep, ...buying } };
}

/** The gateway tells that our customer was deleted there: one alert, and no question back. */
async function receive(id: string): Promise<void> {
  const { database, buying } = metering.operations;
  const { accountId } = metering;
  const createdAt = metering.clock.now();
  const customerId = "cus_1";
  await database.write([addCustomer({ accountId, livemode: false, customerId, createdAt })]);
  await buying?.receiveEvent({
    id,
    type: "customer.deleted",
    objectId: customerId,
    paymentIntentId: null,
    topUpId: null,
    createdAt,
    livemode: false,
    apiVersion: null,
    payload: "{}",
  });
}
async function stateOf(id: string): Promise<unknown> {
  const sql = "SELECT state FROM gateway_events WHERE id = ?";
  const { rows } = await metering.operations.database.read({ sql, args: [id] });
  return rows[0]?.[0];
}
const alertsNow = () => listAlerts(metering.operations.database);

async function writeMail(key: string): Promise<void> {
  const at = metering.clock.now();
  const mail = mailStatement<"payment_failed">({
    key,
    accountId: metering.accountId,
    to: "ada@example.test",
    template: "payment_failed",
    data: {
      quantity: credits(10),
      totalMinor: minor(95_00),
      currency: "EUR",
      failedAt: at,
      timeZone: "Europe/Vienna",
      reason: "The bank declined the card.",
      action: null,
    },
    sendAt: at,
  });
  await metering.operations.database.write([mail]);
}
const sentKeys = () => delivered.map(({ key }) => key).sort();

/** A promise a test holds in its hand, and lets go of at its end at the latest. */
function hold() {
  const taken = holdOn();
  held.push(taken.release);
  return taken;
}

describe("what the gateway told us", () => {
  test("is handled by a job of its own, at once", async () => {
    await start();
    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(1);
    expect(await countOf("payments_sweep_rescued_total")).toBe(0);
  });

  test("is handled by the process itself while Redis is away, and storing it costs nothing", async () => {
    await start({ timings: sweepsOften, redisUrl: NOWHERE });
    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
    await eventually(() => countOf("payments_sweep_rescued_total")).toBeGreaterThan(0);
    expect(await countOf("payments_sweeps_total", { by: "process" })).toBeGreaterThan(0);
    const lost = await countOf("worker_announcements_lost_total", { what: "payment" });
    expect(lost).toBeGreaterThan(0);
  });

  test("is handled although Redis lost its job after we had said thank you", async () => {
    // Only a queue that lost its jobs makes this process sweep.
    await start({ timings: { ...neverSweeps, sweepEveryMs: 100 } });
    await eventually(() => queue.getJobScheduler("sweep")).toMatchObject({ every: 100 });
    await queue.pause();
    await eventually(() => queue.getActiveCount()).toBe(0);
    await receive("evt_1");
    const waiting = async () => (await queue.getWaiting()).map(({ id }) => id);
    await eventually(waiting).toContain("event-evt_1");
    expect(await stateOf("evt_1")).toBe("received");

    await trial.client.flushall();
    await eventually(() => stateOf("evt_1")).toBe("handled");
    expect(await done(paymentJobNames.gatewayEvent)).toBe(0);
    await eventually(() => countOf("payments_sweep_rescued_total")).toBeGreaterThan(0);
    await eventually(() => queue.getJobScheduler("sweep")).toMatchObject({ every: 100 });
  });

  test("is handled once however often its job comes again", async () => {
    await start();
    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
    const before = await alertsNow();
    expect(before).toMatchObject([{ kind: "customer_deleted", times: 1 }]);

    const job = { name: paymentJobNames.gatewayEvent, data: { eventId: "evt_1" } };
    await queue.addBulk(Array.from({ length: 20 }, () => job));
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(21);
    expect(await alertsNow()).toEqual(before);
  });

  test("is tried again, later each time, when something outside broke", async () => {
    const handleEvent = vi.fn(async () => {}).mockRejectedValueOnce(new Error("the disk hiccuped"));
    await start({ changed: withBuying({ handleEvent }) });
    await receive("evt_1");
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(1);
    expect(handleEvent).toHaveBeenCalledTimes(2);
    expect(await countOf("payments_jobs_total", { outcome: "tried_again" })).toBe(1);
  });
});

describe("a purchase whose next step is near", () => {
  const topUp = { accountId: "acc_1", topUpId: "top_1" };
  const listing = (dueAt: Instant) =>
    withBuying({
      pursueTopUp,
      listWakeUps: async () => ({ wakeUps: [{ ...topUp, dueAt }], lastTopUpId: null }),
    });
  const pursueTopUp = vi.fn(async () => {});
  beforeEach(() => pursueTopUp.mockClear());

  test("is armed for its instant, once, and not done before", async () => {
    const dueAt = after(metering.clock.now(), ARM_AHEAD_MS / 2);
    await start({ timings: sweepsOften, changed: listing(dueAt) });
    const armed = `topup-top_1-${dueAt.toString(36)}`;
    await eventually(() => countOf("payments_sweeps_total")).toBeGreaterThan(3);
    const ids = (await queue.getDelayed()).map(({ id }) => id);
    expect(ids.filter((id) => id?.startsWith("topup-"))).toEqual([armed]);
    expect(pursueTopUp).not.toHaveBeenCalled();
  });

  test("is done by its own job once the clock was moved there", async () => {
    const dueAt = after(metering.clock.now(), ARM_AHEAD_MS / 2);
    const started = await start({ changed: listing(dueAt) });
    await eventually(async () => (await queue.getDelayed()).length).toBeGreaterThan(0);
    metering.clock.jump(dueAt);
    await started.rearm();
    await eventually(() => pursueTopUp.mock.calls).toEqual([[topUp]]);
  });
});

describe("jobs that should not be there", () => {
  test("a crafted job fails at once, is not tried again and disturbs nobody", async () => {
    await start();
    const opts = { attempts: 5, backoff: 10 };
    const { gatewayEvent, topUpDue, accountLook, writeOff, sendMails, sweep } = paymentJobNames;
    await queue.addBulk([
      { name: "refund-everybody", data: {}, opts },
      { name: "constructor", data: {}, opts },
      { name: gatewayEvent, data: { eventId: "" }, opts },
      { name: gatewayEvent, data: { eventId: "e".repeat(256) }, opts },
      { name: gatewayEvent, data: { eventId: "evt_1", amount: 5 }, opts },
      { name: topUpDue, data: { topUpId: "top_1" }, opts },
      { name: topUpDue, data: { accountId: ["acc_1"], topUpId: "top_1" }, opts },
      { name: accountLook, data: {}, opts },
      { name: accountLook, data: { accountId: "a".repeat(65) }, opts },
      { name: accountLook, data: { accountId: "acc_1", quantity: 10_000 }, opts },
      { name: writeOff, data: { accountId: { $ne: "" } }, opts },
      { name: sendMails, data: { to: "everybody@example.test" }, opts },
      { name: sweep, data: null, opts },
    ]);
    await eventually(() => queue.getFailedCount()).toBe(13);
    expect((await queue.getFailed()).map((job) => job.attemptsMade)).toEqual(Array(13).fill(1));
    expect(await countOf("payments_jobs_total", { job: "unknown", outcome: "failed" })).toBe(2);

    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
  });

  test("one about an event, a purchase or an account that never was does nothing", async () => {
    await start();
    await queue.addBulk([
      { name: paymentJobNames.gatewayEvent, data: { eventId: "evt_nothing" } },
      { name: paymentJobNames.topUpDue, data: { accountId: "acc_nobody", topUpId: "top_nothing" } },
      { name: paymentJobNames.accountLook, data: { accountId: "acc_nobody" } },
      { name: paymentJobNames.writeOff, data: { accountId: "acc_nobody" } },
    ]);
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(1);
    await eventually(() => done(paymentJobNames.topUpDue)).toBe(1);
    await eventually(() => done(paymentJobNames.accountLook)).toBe(1);
    await eventually(() => done(paymentJobNames.writeOff)).toBe(1);
    expect(await alertsNow()).toEqual([]);
  });
});

describe("a gateway that keeps us waiting", () => {
  /** As many events as there are hands and a few more, and a gateway that answers none of them. */
  async function keepWaiting(timings?: QueueTimings) {
    const gateway = hold();
    const handleEvent = vi.fn(() => gateway.promise);
    const sweep = async () => ({ rescued: 0, isFull: false });
    const changed = withBuying({ handleEvent, sweep });
    const started = await start({ changed, ...(timings && { timings }) });
    for (let i = 0; i < EVENTS; i++) started.wake({ about: "gateway_event", eventId: `evt_${i}` });
    await eventually(() => handleEvent.mock.calls.length).toBe(HANDS);
    return { started, gateway, handleEvent };
  }
  const EVENTS = HANDS + 4;

  test("fills the hands of its own queue and makes no hour late", async () => {
    const { started, gateway, handleEvent } = await keepWaiting();
    const scan = await metering.startScan();
    await metering.passTime(scan, after(scan.startedAt, HOUR - 300));
    await started.rearm();
    await eventually(async () => (await metering.readScan(scan)).hours.length).toBe(2);
    await eventually(() =>
      countOf("worker_jobs_total", { job: jobNames.scanDue, outcome: "done" }),
    ).toBe(1);
    expect(await countOf("sweep_rescued_total")).toBe(0);
    expect(handleEvent).toHaveBeenCalledTimes(HANDS);

    gateway.release();
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(EVENTS);
  });

  test("is not taken for a worker that went deaf", async () => {
    const { gateway } = await keepWaiting({ ...sweepsOften, deafAfterMs: 300 });
    const before = await countOf("worker_sweeps_total");
    await eventually(() => countOf("worker_sweeps_total")).toBeGreaterThan(before + 6);
    expect(await countOf("payments_worker_replaced_total")).toBe(0);
    gateway.release();
    await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(EVENTS);
  });

  test("holds up one sweep of payments, not a second one behind it nor the hands of the queue", async () => {
    const gateway = hold();
    const sweep = vi.fn(async () => {
      await gateway.promise;
      return { rescued: 0, isFull: false };
    });
    await start({ changed: withBuying({ sweep }) });
    const jobs = { name: paymentJobNames.sweep, data: {} };
    await queue.addBulk(Array.from({ length: 2 * HANDS }, () => jobs));
    await eventually(() => done(paymentJobNames.sweep)).toBeGreaterThanOrEqual(2 * HANDS);
    expect(sweep).toHaveBeenCalledTimes(1);

    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
  });

  test("a sweep that finds more and more ends all the same", async () => {
    const sweep = vi.fn(async () => ({ rescued: 1, isFull: true }));
    await start({ changed: withBuying({ sweep }) });
    await eventually(() => sweep.mock.calls.length % PAYMENTS_SWEEP_ROUNDS_MAX).toBe(0);
    expect(sweep).toHaveBeenCalled();
  });
});

test("a worker that takes no jobs although Redis answers is replaced, and metering's is left alone", async () => {
  await queue.pause();
  await start({ timings: { ...sweepsOften, deafAfterMs: 500 } });
  await receive("evt_1");
  await eventually(() => stateOf("evt_1")).toBe("handled");
  await eventually(() => countOf("payments_worker_replaced_total")).toBeGreaterThan(0);
  expect(await countOf("worker_replaced_total")).toBe(0);

  await queue.resume();
  await eventually(() => done(paymentJobNames.gatewayEvent)).toBe(1);
});

describe("mail", () => {
  test("is sent by a job of its own as soon as somebody says that it is there", async () => {
    const started = await start();
    await writeMail("failed-1");
    started.wake({ about: "mail" });
    await eventually(sentKeys).toEqual(["failed-1"]);
    await eventually(() => countOf("mails_total", { outcome: "sent" })).toBe(1);
  });

  test("is sent by the process itself while Redis is away, also where nothing can be bought", async () => {
    await start({ timings: sweepsOften, redisUrl: NOWHERE, changed: { buying: null } });
    await writeMail("failed-1");
    await eventually(sentKeys).toEqual(["failed-1"]);
    await receive("evt_1");
    await eventually(() => countOf("payments_sweeps_total")).toBeGreaterThan(3);
    expect(await stateOf("evt_1")).toBe("received");
  });

  test("written while a slow server takes another is sent without waiting for a sweep", async () => {
    const server = hold();
    const slow: SendMail = async (mail) => {
      delivered.push(mail);
      await server.promise;
    };
    const started = await start({ deliver: slow });
    await writeMail("failed-1");
    started.wake({ about: "mail" });
    await eventually(sentKeys).toEqual(["failed-1"]);

    await writeMail("failed-2");
    for (let i = 0; i < 2 * HANDS; i++) started.wake({ about: "mail" });
    await receive("evt_1");
    await eventually(() => stateOf("evt_1")).toBe("handled");
    server.release();
    await eventually(sentKeys).toEqual(["failed-1", "failed-2"]);
  });

  test("written when a round has looked for the last time is sent by one more", async () => {
    const round = hold();
    const sendDueMails: WorkerOperations["sendDueMails"] = async (...order) => {
      const ended = await metering.operations.sendDueMails(...order);
      await round.promise;
      return ended;
    };
    const started = await start({ changed: { sendDueMails } });
    await writeMail("failed-1");
    started.wake({ about: "mail" });
    await eventually(() => done(paymentJobNames.sendMails)).toBe(1);
    expect(sentKeys()).toEqual([]);
    round.release();
    await eventually(sentKeys).toEqual(["failed-1"]);
  });

  test("a server that takes none is counted and asked again, never at once", async () => {
    const refuse: SendMail = async () => {
      throw new Error("421 try again later");
    };
    await start({ timings: sweepsOften, deliver: refuse });
    await writeMail("failed-1");
    await eventually(() => countOf("mails_total", { outcome: "failed" })).toBe(1);
    const sweeps = await countOf("payments_sweeps_total");
    await eventually(() => countOf("payments_sweeps_total")).toBeGreaterThan(sweeps + 3);
    const [mail] = await listMails(metering.operations.database, metering.accountId);
    expect(mail).toMatchObject({ state: "waiting", attempts: 1 });
  });
});

test("alerts that wait for an operator are counted by kind when somebody reads the metrics", async () => {
  await start();
  const alert = (key: string, kind: string) => ({ key, kind, accountId: null, text: "Look." });
  const at = metering.clock.now();
  await metering.operations.database.write([
    raiseAlert(alert("a", "needs_review"), at),
    raiseAlert(alert("b", "needs_review"), at),
    raiseAlert(alert("c", "unknown_payment"), at),
    raiseAlert(alert("c", "unknown_payment"), at),
  ]);
  const text = await trial.registry().metrics();
  expect(text).toContain('open_alerts{kind="needs_review"} 2');
  expect(text).toContain('open_alerts{kind="unknown_payment"} 1');
});
