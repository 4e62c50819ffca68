import { credits, settings } from "@scanmeter/core";
import { findScan, findService, findSnapshot, putService } from "@scanmeter/db";
import {
  anAccount,
  DAY,
  databases,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listWakeUps, nextDueAt, noteListening, sweep } from "./catch-up.ts";
import { heartbeat } from "./scan-commands.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

const LIMIT = 100;

describe.each(databases)("a sweep over $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeEach(async () => {
    temp = await open();
    deps = await depsOver(temp.database, { at: NOON });
    account = await anAccount(deps.db);
  });
  afterEach(() => temp.close());

  const comeBackAfter = async (ms: number) => {
    deps.clock.advance(ms);
    const now = deps.clock.now();
    await deps.db.write([putService({ aliveAt: now, listeningSince: now })]);
  };
  const accountOf = async () => (await findSnapshot(deps.db, account.id))?.account;
  const stateOf = async (scanId: string) =>
    (await findScan(deps.db, account.id, scanId))?.scan.state;

  test("finds nothing in a healthy system", async () => {
    await grantTo(deps.db, account.id);
    await startOn(deps.db, account);
    expect(await sweep(deps, LIMIT)).toEqual({ rescued: 0, isFull: false });
    expect(await accountOf()).toMatchObject({ version: 2 });
  });

  test("does an hour the queue forgot, at its own instant, once", async () => {
    await grantTo(deps.db, account.id);
    const scan = await startOn(deps.db, account);
    await comeBackAfter(HOUR - 1);
    await heartbeat(deps, { accountId: account.id, scanId: scan.id });
    deps.clock.advance(60_000);
    const swept = await Promise.all([sweep(deps, LIMIT), sweep(deps, LIMIT)]);
    expect(swept.map(({ rescued }) => rescued).sort()).toEqual(expect.arrayContaining([1]));
    expect(await sweep(deps, LIMIT)).toEqual({ rescued: 0, isFull: false });
    expect(await accountOf()).toMatchObject({ version: 3, balance: 3 });
    const { scan: after } = (await findScan(deps.db, account.id, scan.id)) as {
      scan: typeof scan;
    };
    expect(after.hours.map(({ boundary }) => boundary)).toEqual([NOON, noonPlus(HOUR)]);
  });

  test("loses a silent runner, and writes off what expired", async () => {
    await grantTo(deps.db, account.id, { credits: 3, expiresAt: noonPlus(10 * 60_000) });
    const scan = await startOn(deps.db, account);
    deps.clock.advance(settings.lostAfterMs - 1);
    expect((await sweep(deps, LIMIT)).rescued).toBe(0);
    deps.clock.advance(1);
    expect((await sweep(deps, LIMIT)).rescued).toBe(1);
    expect(await stateOf(scan.id)).toBe("lost");
    deps.clock.advance(DAY);
    expect((await sweep(deps, LIMIT)).rescued).toBe(1);
    expect(await accountOf()).toMatchObject({ balance: 0 });
  });

  test("lets a scan go on that waits although there are credits", async () => {
    await grantTo(deps.db, account.id, { credits: 1 });
    const scan = await startOn(deps.db, account);
    await comeBackAfter(HOUR - 1);
    await heartbeat(deps, { accountId: account.id, scanId: scan.id });
    deps.clock.advance(1);
    await sweep(deps, LIMIT);
    expect(await stateOf(scan.id)).toBe("paused");
    // As if the process had died between the grant and what follows it.
    await grantTo(deps.db, account.id, { credits: 2, at: deps.clock.now() });
    expect((await sweep(deps, LIMIT)).rescued).toBe(1);
    expect(await stateOf(scan.id)).toBe("running");
    expect(await accountOf()).toMatchObject({ balance: 1 });
  });

  test("takes no more than its batch at a time, and says when there is more", async () => {
    for (let nth = 0; nth < 3; nth++) {
      const one = await anAccount(deps.db);
      await grantTo(deps.db, one.id, { credits: credits(1), expiresAt: noonPlus(1) });
    }
    deps.clock.advance(1);
    expect(await sweep(deps, 2)).toEqual({ rescued: 2, isFull: true });
    expect(await sweep(deps, 2)).toEqual({ rescued: 1, isFull: false });
    expect(await sweep(deps, 2)).toEqual({ rescued: 0, isFull: false });
  });

  test("is a sign of life of the service", async () => {
    deps.clock.advance(5);
    await sweep(deps, LIMIT);
    expect(await findService(deps.db)).toEqual({ aliveAt: noonPlus(5), listeningSince: NOON });
  });

  describe("a start", () => {
    test("soon after the last sign of life goes on listening", async () => {
      deps.clock.advance(2 * settings.sweepEveryMs);
      await noteListening(deps);
      expect((await findService(deps.db))?.listeningSince).toBe(NOON);
    });

    test("after an absence listens from now on, so that no runner is lost by it", async () => {
      await grantTo(deps.db, account.id);
      const scan = await startOn(deps.db, account);
      deps.clock.advance(settings.lostAfterMs + 1);
      await noteListening(deps);
      expect((await findService(deps.db))?.listeningSince).toBe(noonPlus(settings.lostAfterMs + 1));
      await sweep(deps, LIMIT);
      expect(await stateOf(scan.id)).toBe("running");
    });
  });

  test("wake-ups of what comes due are listed in pages", async () => {
    await grantTo(deps.db, account.id);
    const scans = [];
    for (let ms = 1; ms <= 3; ms++)
      scans.push(await startOn(deps.db, account, { at: noonPlus(ms) }));
    const page = (afterScanId: string, until = noonPlus(DAY)) =>
      listWakeUps(deps, { until, afterScanId, limit: 2 });
    const first = await page("");
    expect(first.wakeUps).toEqual(
      scans.slice(0, 2).map(({ id }, nth) => ({
        accountId: account.id,
        scanId: id,
        hour: 2,
        dueAt: noonPlus(HOUR + nth + 1),
      })),
    );
    const second = await page(first.lastScanId as string);
    expect(second.wakeUps.map(({ scanId }) => scanId)).toEqual([scans[2]?.id]);
    expect(second.lastScanId).toBeNull();
    expect((await page("", noonPlus(HOUR + 1))).wakeUps).toHaveLength(1);
  });

  test("the next instant at which anything is due is known", async () => {
    expect(await nextDueAt(deps)).toBeNull();
    await grantTo(deps.db, account.id, { expiresAt: noonPlus(DAY) });
    expect(await nextDueAt(deps)).toBe(noonPlus(DAY));
    await startOn(deps.db, account);
    expect(await nextDueAt(deps)).toBe(noonPlus(settings.lostAfterMs));
  });
});
