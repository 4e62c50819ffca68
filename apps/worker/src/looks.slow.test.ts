import { jobIdForRenewal, jobIdForWriteOff, paymentJobNames } from "@scanmeter/contracts/jobs";
import { after, credits, type Instant } from "@scanmeter/core";
import { askForLooks, listDueLooks } from "@scanmeter/db";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { LookOperations } from "./operations.ts";
import { ARM_AHEAD_MS, type QueueTimings } from "./queue-settings.ts";
import { hold } from "./testing/hold.ts";
import { type Metering, openMetering } from "./testing/metering.ts";
import {
  eventually,
  neverSweeps,
  openWorkerTrial,
  sweepsOften,
  type WorkerTrial,
} from "./testing/worker-trial.ts";
import type { MeteringWorker } from "./worker.ts";

const DAY = 24 * 60 * 60_000;
const { accountLook, writeOff } = paymentJobNames;

let trial: WorkerTrial;
let metering: Metering;

beforeAll(async () => {
  trial = await openWorkerTrial();
});
afterAll(() => trial.close());
beforeEach(async () => {
  metering = await openMetering();
});
afterEach(async () => {
  await trial.reset();
  await metering.close();
});

const start = (changed: Partial<LookOperations> = {}, timings?: QueueTimings) =>
  trial.start(metering.operations, { changed, ...(timings && { timings }) });
const looks = () => trial.done(accountLook);

async function isLookOwed(): Promise<boolean> {
  const due = await listDueLooks(metering.operations.database, metering.clock.now(), 1);
  return due.length > 0;
}
const askForLook = (at: Instant) =>
  metering.operations.database.write([askForLooks([metering.accountId], at)]);

/** A page of wake-ups as the operations list them. */
const listed = (...dueAts: readonly Instant[]) =>
  vi.fn(async () => ({
    wakeUps: dueAts.map((dueAt) => ({ accountId: metering.accountId, dueAt })),
    lastAccountId: null,
  }));

describe("a look that is wanted now", () => {
  test("is taken by a job as soon as the commit that asks for it is there", async () => {
    await start();
    await metering.operations.grantCredits({
      accountId: metering.accountId,
      credits: credits(3),
      kind: "paid",
      source: "test",
      key: "second",
    });
    await eventually(looks).toBe(1);
    expect(await isLookOwed()).toBe(false);
    expect(await trial.countOf("payments_sweep_rescued_total")).toBe(0);
  });

  test("is one job however many ask for it before it begins", async () => {
    const lookAfter = vi.fn(async () => {});
    const worker = await start({ lookAfter });
    await trial.queue.pause();
    for (let i = 0; i < 300; i++) worker.wake({ about: "look", accountId: metering.accountId });
    worker.wake({ about: "look", accountId: "acc_2" });
    await trial.queue.resume();
    await eventually(() => lookAfter.mock.calls).toEqual([[metering.accountId], ["acc_2"]]);
    expect(await trial.queue.getJobCountByTypes("wait", "active", "prioritized")).toBe(0);
  });

  test("is one job more for all who ask while another runs, which may have passed by what they saw", async () => {
    const slow = hold();
    const lookAfter = vi.fn(async () => {}).mockImplementationOnce(() => slow.promise);
    const worker = await start({ lookAfter });
    const ask = () => worker.wake({ about: "look", accountId: metering.accountId });
    ask();
    await eventually(() => lookAfter.mock.calls.length).toBe(1);
    for (let i = 0; i < 300; i++) ask();
    worker.wake({ about: "look", accountId: "acc_2" });
    await eventually(() => lookAfter.mock.calls.length).toBe(2);
    slow.release();
    await eventually(looks).toBe(3);
    ask();
    await eventually(looks).toBe(4);
    expect(lookAfter).toHaveBeenCalledTimes(4);
  });

  test("is taken again when something outside broke, and whoever asked meanwhile has it with that", async () => {
    const lookAfter = vi.fn(async () => {}).mockRejectedValueOnce(new Error("the disk hiccuped"));
    const worker = await start({ lookAfter });
    const ask = () => worker.wake({ about: "look", accountId: metering.accountId });
    ask();
    await eventually(() => lookAfter.mock.calls.length).toBe(1);
    ask();
    await eventually(looks).toBe(1);
    expect(lookAfter).toHaveBeenCalledTimes(2);
    ask();
    await eventually(looks).toBe(2);
  });

  test("is taken by a sweep when nobody was woken, also where nothing can be bought", async () => {
    await start({}, sweepsOften);
    expect(metering.operations.buying).toBeNull();
    await askForLook(metering.clock.now());
    await eventually(isLookOwed).toBe(false);
    await eventually(() => trial.countOf("payments_sweep_rescued_total")).toBe(1);
  });

  test("does not wait for a sweep of purchases that waits for a slow gateway", async () => {
    const gateway = hold();
    const sweep = vi.fn(async () => {
      await gateway.promise;
      return { rescued: 0, isFull: false };
    });
    const none = async () => {};
    const listWakeUps = async () => ({ wakeUps: [], lastTopUpId: null });
    const buying = { handleEvent: none, pursueTopUp: none, listWakeUps, sweep };
    await trial.start(metering.operations, { changed: { buying }, timings: sweepsOften });
    await askForLook(metering.clock.now());
    await eventually(isLookOwed).toBe(false);
    expect(sweep).toHaveBeenCalledTimes(1);
    gateway.release();
  });
});

describe("a look that is to come", () => {
  test("costs no job until it is near, and then has one", async () => {
    const worker = await start({}, sweepsOften);
    const dueAt = after(metering.clock.now(), DAY);
    await askForLook(dueAt);
    worker.wake({ about: "look_at", accountId: metering.accountId, dueAt });
    const sweeps = await trial.countOf("payments_sweeps_total");
    await eventually(() => trial.countOf("payments_sweeps_total")).toBeGreaterThan(sweeps + 3);
    expect(await trial.delayed("look-")).toEqual([]);

    metering.clock.jump(after(dueAt, -ARM_AHEAD_MS / 2));
    const id = `look-${metering.accountId}-${dueAt.toString(36)}`;
    await eventually(() => trial.delayed("look-")).toEqual([id]);
  });

  test("that is near has its job from the commit on, and is taken at its instant", async () => {
    const worker = await start();
    const dueAt = after(metering.clock.now(), 1_000);
    await askForLook(dueAt);
    worker.wake({ about: "look_at", accountId: metering.accountId, dueAt });
    await eventually(looks).toBe(1);
    expect(metering.clock.now()).toBeGreaterThanOrEqual(dueAt);
    expect(await trial.countOf("payments_sweep_rescued_total")).toBe(0);
  });
});

describe.each([
  { what: "a renewal", about: "renewal", idOf: jobIdForRenewal, job: accountLook },
  { what: "the end of kept credits", about: "write_off", idOf: jobIdForWriteOff, job: writeOff },
] as const)("$what", ({ about, idOf, job }) => {
  const far = () => after(metering.clock.now(), 362 * DAY);
  const idAt = (dueAt: Instant) => idOf({ accountId: metering.accountId, dueAt });
  const listing = (...dueAts: readonly Instant[]): Partial<LookOperations> =>
    about === "renewal"
      ? { listRenewals: listed(...dueAts) }
      : { listWriteOffs: listed(...dueAts) };
  const tell = (worker: MeteringWorker, dueAt: Instant, before: Instant | null = null) =>
    worker.wake(
      about === "renewal"
        ? { about, accountId: metering.accountId, dueAt, before }
        : { about, accountId: metering.accountId, dueAt },
    );
  const armed = () => trial.delayed(about === "renewal" ? "renewal-" : "write-off-");
  /** For when Redis will hand the job over, in real time. */
  async function handedOverAt(dueAt: Instant): Promise<number> {
    const delayed = await trial.queue.getJob(idAt(dueAt));
    if (delayed === undefined) throw new Error("It is armed.");
    return delayed.timestamp + delayed.delay;
  }

  test("has its job a year ahead, once, and for its instant", async () => {
    const worker = await start();
    const dueAt = far();
    for (let i = 0; i < 3; i++) tell(worker, dueAt);
    await eventually(armed).toEqual([idAt(dueAt)]);
    expect(Math.abs((await handedOverAt(dueAt)) - dueAt)).toBeLessThan(1_000);
    expect(await trial.done(job)).toBe(0);
  });

  test("is armed again when Redis has lost everything, and at the start", async () => {
    const dueAt = far();
    await start(listing(dueAt), { ...neverSweeps, sweepEveryMs: 100 });
    await eventually(armed).toEqual([idAt(dueAt)]);
    await trial.client.flushall();
    await eventually(armed).toEqual([idAt(dueAt)]);
  });

  test("is armed for the right moment again when the clock was moved", async () => {
    const dueAt = far();
    const worker = await start(listing(dueAt));
    await eventually(armed).toEqual([idAt(dueAt)]);
    metering.clock.jump(after(dueAt, -DAY));
    await worker.rearm();
    expect(await armed()).toEqual([idAt(dueAt)]);
    expect(await handedOverAt(dueAt)).toBeLessThan(Date.now() + DAY + 1_000);
  });

  test("has the account seen to at its instant", async () => {
    const calls = { lookAfter: vi.fn(async () => {}), catchUp: vi.fn(async () => {}) };
    const worker = await start(calls);
    tell(worker, after(metering.clock.now(), 200));
    await eventually(() => trial.done(job)).toBe(1);
    const { accountId } = metering;
    expect(calls.lookAfter.mock.calls).toEqual(about === "renewal" ? [[accountId]] : []);
    expect(calls.catchUp.mock.calls).toEqual(about === "renewal" ? [] : [[accountId]]);
  });
});

test("a renewal that gets another date takes the job of the old one with it", async () => {
  const worker = await start();
  const { accountId } = metering;
  const [first, second] = [1, 2].map((year) => after(metering.clock.now(), year * 362 * DAY));
  if (first === undefined || second === undefined) throw new Error("There are two of them.");
  worker.wake({ about: "renewal", accountId, dueAt: first, before: null });
  const idAt = (dueAt: Instant) => jobIdForRenewal({ accountId, dueAt });
  await eventually(() => trial.delayed("renewal-")).toEqual([idAt(first)]);
  worker.wake({ about: "renewal", accountId, dueAt: second, before: first });
  await eventually(() => trial.delayed("renewal-")).toEqual([idAt(second)]);
  worker.wake({ about: "renewal", accountId, dueAt: null, before: second });
  await eventually(() => trial.delayed("renewal-")).toEqual([]);
});
