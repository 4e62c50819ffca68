import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, credits, type Instant, isOpen, type Scan } from "@scanmeter/core";
import { type Operations, openOperations, TestClock } from "@scanmeter/operations";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClockDriver, createClockDriver, type Neighbour } from "./clock-driver.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let dir: string;
let operations: Operations;
let clock: TestClock;
let connected: Scan[];
let rearmed: number;
let failures: unknown[];
let driver: ClockDriver;
/** What the next looks for runners say; after them everybody is there. */
let missing: boolean[];
let accountId: string;
let targetId: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "clock-"));
  operations = await openOperations({
    databaseUrl: `file:${join(dir, "scanmeter.db")}`,
    clock: "test",
  });
  clock = operations.testClock as TestClock;
  connected = [];
  missing = [];
  rearmed = 0;
  failures = [];
  driver = createClockDriver({
    clock,
    operations,
    connectedScans: async () => {
      const scans = await Promise.all(connected.map(readScan));
      return scans.filter(isOpen).map(({ id }) => ({ accountId, scanId: id }));
    },
    isAnybodyMissing: async () => missing.shift() ?? false,
    rearm: async () => {
      rearmed += 1;
    },
    neighbour: null,
    report: (error) => failures.push(error),
  });
  ({ accountId, targetId } = await openCustomer("user-1"));
});

afterEach(async () => {
  await driver.close();
  expect(failures).toEqual([]);
  await operations.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openCustomer(userId: string, expiresAt?: Instant) {
  const { account } = await operations.openAccount({ userId, name: userId });
  await operations.grantCredits({
    accountId: account.id,
    credits: credits(10),
    kind: "paid",
    source: "test",
    key: "first",
    expiresAt,
  });
  const url = "http://127.0.0.1:8080/";
  const target = await operations.createTarget({ accountId: account.id, url, mode: "credits" });
  return {
    accountId: account.id as string,
    targetId: target.ok ? (target.value.id as string) : "",
  };
}

async function startScan(key = "scan"): Promise<Scan> {
  const started = await operations.startScan({
    accountId,
    runnerKeyId: null,
    targetId,
    idempotencyKey: key,
  });
  if (!started.ok) throw new Error(started.refusal.code);
  return started.value;
}

const readScan = async ({ id }: Scan) => (await operations.findScan(accountId, id))?.scan as Scan;
const historyOf = async (of: string) =>
  (await operations.activity({ accountId: of, limit: 50 })).items.map(({ kind }) => kind).reverse();

describe("advancing", () => {
  test("brings a connected scan every hour at its instant, and no more than five", async () => {
    const scan = await startScan();
    connected = [scan];
    const { now, ran } = await driver.advance({ by: { hours: 6 } });

    const { hours, state } = await readScan(scan);
    expect(hours.map(({ boundary }) => boundary - scan.startedAt)).toEqual(
      [0, 1, 2, 3, 4].map((n) => n * HOUR),
    );
    expect(state).toBe("running");
    expect(ran).toBe(4);
    expect(now - scan.startedAt).toBeGreaterThanOrEqual(6 * HOUR);
    expect(rearmed).toBe(1);
  });

  test("loses a runner that is not connected, as real silence would", async () => {
    const scan = await startScan();
    await driver.advance({ by: { minutes: 61 } });
    const { state, hours, endedAt } = await readScan(scan);
    expect(state).toBe("lost");
    expect(hours).toHaveLength(1);
    expect((endedAt ?? 0) - scan.startedAt).toBeGreaterThanOrEqual(5 * MINUTE);
    expect((endedAt ?? 0) - scan.startedAt).toBeLessThan(6 * MINUTE);
  });

  test("writes off what expires on the way", async () => {
    await driver.advance({ by: { months: 13 } });
    expect((await operations.snapshot(accountId))?.account.balance).toBe(0);
    expect(await historyOf(accountId)).toEqual(["grant", "breakage"]);
  });

  test("runs what is due in the order of its instants, whosever it is", async () => {
    const start = clock.now();
    const late = await openCustomer("late", after(start, 20 * DAY));
    const early = await openCustomer("early", after(start, 10 * DAY));
    const order: string[] = [];
    operations.announceTo((changes) => order.push(...changes.map((change) => change.accountId)));
    await driver.advance({ by: { days: 30 } });
    expect(order).toEqual([early.accountId, late.accountId]);
  });

  test("counts months by the calendar of the given time zone", async () => {
    clock.jump(Date.parse("2027-01-31T22:30:00Z") as Instant);
    const { now } = await driver.advance({ by: { months: 1 }, timeZone: "Europe/Berlin" });
    expect(new Date(now).toISOString()).toMatch(/^2027-02-28T22:30:0/);
  });

  test("two at a time go one after the other", async () => {
    const start = clock.now();
    const both = await Promise.all([
      driver.advance({ by: { days: 1 } }),
      driver.advance({ by: { days: 1 } }),
    ]);
    expect(both.map(({ now }) => Math.round((now - start) / DAY))).toEqual([1, 2]);
  });

  test("never goes back, and never further than ten years", async () => {
    const now = clock.now();
    await expect(driver.advance({ to: after(now, -HOUR) })).rejects.toThrow(
      "Time does not run back",
    );
    await expect(driver.advance({ by: { hours: -1 } })).rejects.toThrow("Time does not run back");
    await expect(driver.advance({ by: { months: 121 } })).rejects.toThrow("ten years");
    await expect(driver.advance({ by: { days: 4_000 } })).rejects.toThrow("ten years");
    await expect(driver.advance({ by: { days: Number.NaN } })).rejects.toThrow("ten years");
    expect(clock.now() - now).toBeLessThan(MINUTE);
  });

  test("a scan that ends on the way is not kept alive", async () => {
    const scan = await startScan();
    connected = [scan];
    await driver.advance({ by: { days: 4 } });
    expect(await readScan(scan)).toMatchObject({ state: "stopped", endReason: "open_limit" });
  });
});

describe("after a restart", () => {
  test("a jump waits for the runners that were there before", async () => {
    const scan = await startScan();
    missing = [true, true, false];
    const before = clock.now();
    const jumped = driver.advance({ by: { hours: 1 } });
    await expect.poll(() => missing.length).toBe(1);
    expect(clock.now() - before).toBeLessThan(MINUTE);
    connected = [scan];
    await jumped;
    expect(await readScan(scan)).toMatchObject({ state: "running" });
  });
});

describe("a neighbour", () => {
  const drivers: ClockDriver[] = [];
  afterEach(() => Promise.all(drivers.splice(0).map((one) => one.close())));

  function driverBeside(
    neighbour: Neighbour,
    sweep: Operations["sweep"] = operations.sweep,
    reported: unknown[] = failures,
  ): ClockDriver {
    const beside = createClockDriver({
      clock,
      operations: { ...operations, sweep },
      connectedScans: async () => [],
      isAnybodyMissing: async () => false,
      rearm: async () => {},
      neighbour,
      report: (error) => reported.push(error),
    });
    drivers.push(beside);
    return beside;
  }

  test("is at each instant, and has said everything, before what is due there runs", async () => {
    const start = clock.now();
    await openCustomer("early", after(start, 10 * DAY));
    await openCustomer("late", after(start, 20 * DAY));
    const told: string[] = [];
    const day = (at: number) => Math.round((at - start) / DAY);
    const beside = driverBeside(
      {
        follow: async (now) => void told.push(`follow ${day(now)}`),
        settled: async () => void told.push("settled"),
      },
      async (limit) => {
        told.push(`sweep ${day(clock.now())}`);
        return operations.sweep(limit);
      },
    );
    await beside.advance({ by: { days: 30 } });
    const steps = told.join(", ");
    for (const at of [0, 10, 20, 30]) expect(steps).toContain(`follow ${at}, settled, sweep ${at}`);
    expect(told.indexOf("follow 20")).toBeGreaterThan(told.lastIndexOf("sweep 10"));
  });

  test("that answers what was done is heard at the same instant", async () => {
    const due = ["payment"];
    const news = ["its webhook", "one more"];
    const done: string[] = [];
    const beside = driverBeside(
      {
        follow: async () => {},
        async settled() {
          if (done.length > 0) due.push(...news.splice(0, 1));
        },
      },
      async () => {
        const now = due.splice(0);
        done.push(...now);
        return { rescued: now.length, isFull: false };
      },
    );
    const { ran } = await beside.advance({ by: { seconds: 1 } });
    expect(done).toEqual(["payment", "its webhook", "one more"]);
    expect(ran).toBe(3);
  });

  test("that never has said everything does not stop time", async () => {
    const beside = driverBeside({ follow: async () => {}, settled: async () => {} }, async () => ({
      rescued: 1,
      isFull: false,
    }));
    const before = clock.now();
    const { now } = await beside.advance({ by: { hours: 1 } });
    expect(now - before).toBeGreaterThanOrEqual(HOUR);
  });

  test("that does not answer is reported, and time goes on without it", async () => {
    const reported: unknown[] = [];
    const away = new Error("away");
    const beside = driverBeside(
      { follow: () => Promise.reject(away), settled: () => Promise.reject(away) },
      operations.sweep,
      reported,
    );
    await beside.advance({ by: { months: 13 } });
    expect((await operations.snapshot(accountId))?.account.balance).toBe(0);
    expect(new Set(reported)).toEqual(new Set([away]));
  });

  test("is told no time that a crash would make us forget", async () => {
    const remembered: boolean[] = [];
    const beside = driverBeside({
      async follow(now) {
        const afterACrash = await TestClock.open(operations.database);
        remembered.push(afterACrash.now() >= now);
      },
      settled: async () => {},
    });
    await beside.advance({ by: { days: 3 } });
    await beside.setRate(60);
    await beside.setRate(1);
    expect(remembered.length).toBeGreaterThan(4);
    expect(remembered).not.toContain(false);
  });
});

describe("a fast clock", () => {
  test("brings hours as they come due, without a queue", async () => {
    const scan = await startScan();
    connected = [scan];
    await driver.setRate(3_600);
    // However busy the machine is: the clock waits for the work, so nobody is lost on the way.
    await expect
      .poll(async () => (await readScan(scan)).hours.length, { timeout: 50_000 })
      .toBeGreaterThanOrEqual(3);
    const { rate } = await driver.setRate(1);
    expect(rate).toBe(1);
    expect((await readScan(scan)).state).toBe("running");
    expect(rearmed).toBe(2);
  }, 60_000);

  test("loses nobody who is connected, however long what comes due takes", async () => {
    // Now quick, now slow: the worst is to be late after having been early. What is slow takes three
    // minutes of a clock as fast as this.
    const slowly = () => new Promise((resolve) => setTimeout(resolve, 300));
    let isSlow = false;
    await driver.close();
    driver = createClockDriver({
      clock,
      operations: {
        nextDueAt: operations.nextDueAt,
        async sweep(limit) {
          isSlow = !isSlow;
          if (isSlow) await slowly();
          return operations.sweep(limit);
        },
        async heartbeat(scan) {
          const heard = await operations.heartbeat(scan);
          await slowly();
          return heard;
        },
      },
      connectedScans: async () => connected.map(({ id }) => ({ accountId, scanId: id })),
      isAnybodyMissing: async () => false,
      rearm: async () => {},
      neighbour: null,
      report: (error) => failures.push(error),
    });
    const scan = await startScan();
    connected = [scan];
    await driver.setRate(600);
    await expect
      .poll(() => clock.now() - scan.startedAt, { timeout: 50_000 })
      .toBeGreaterThan(20 * MINUTE);
    expect((await readScan(scan)).state).toBe("running");
    await driver.setRate(1);
  }, 60_000);

  test("refuses a rate at which nobody could be heard", async () => {
    for (const rate of [0, -1, 3_601, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(driver.setRate(rate)).rejects.toThrow("The rate");
    }
    expect(driver.now().rate).toBe(1);
  });
});
