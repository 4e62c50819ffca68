/** The whole way of a change: a command, its commit, the notice, the frame on every screen. */
import type { LiveFrame } from "@scanmeter/contracts/live";
import type { ScanView } from "@scanmeter/contracts/scans";
import { credits } from "@scanmeter/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { httpClient, socketClient } from "../testing/clients.ts";
import { eventually, metricOf } from "../testing/metric.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "../testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let runnerKey: string;
let runner: ReturnType<typeof httpClient>;
let targetId: string;
let scans = 0;
const lines: { close(): unknown }[] = [];

beforeAll(async () => {
  on = await startTestEdge({ limits: { frameEveryMs: 20, liveCheckEveryMs: 500 } });
  ada = await on.signUp("Ada");
  runnerKey = (await ada.api.runnerKeys.create.mutate({ name: "CI" })).secret;
  runner = httpClient(on.url, { authorization: `Bearer ${runnerKey}` });
  targetId = (await ada.api.targets.create.mutate({ url: "https://example.com", mode: "credits" }))
    .id;
  await on.operations.grantCredits({
    accountId: ada.accountId,
    credits: credits(1_000),
    kind: "free",
    source: "a test",
    key: "plenty",
  });
});
afterEach(async () => {
  for (const line of lines.splice(0)) line.close();
  await eventually(async () => (await metricOf(on, "scanmeter_subscriptions")) === 0);
});
afterAll(() => on.stop());

function startScan(): Promise<ScanView> {
  scans += 1;
  return runner.runner.startScan.mutate({ targetId, idempotencyKey: `scan-${scans}` });
}

function watch(lastEventId?: string) {
  const line = socketClient(on.url, { cookie: ada.cookie, origin: on.url });
  lines.push(line);
  const frames: LiveFrame[] = [];
  let onFrame = () => {};
  line.api.account.live.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
    onData: ({ id, data }) => {
      expect(id).toBe(String(data.version));
      frames.push(data);
      onFrame();
    },
  });
  const until = async (isIt: (frame: LiveFrame) => boolean) => {
    for (;;) {
      const found = frames.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        onFrame = resolve;
      });
    }
  };
  return { frames, until, line };
}

function obey(scanId: string, lastEventId?: string) {
  const line = socketClient(on.url, { runnerKey });
  lines.push(line);
  const views: ScanView[] = [];
  const errors: unknown[] = [];
  const input = lastEventId === undefined ? { scanId } : { scanId, lastEventId };
  line.api.runner.directives.subscribe(input, {
    onData: ({ data }) => views.push(data),
    onError: (error) => errors.push(error),
  });
  return { views, errors };
}

describe("a page that watches its account", () => {
  test("has the balance at once, and every change as it happens", async () => {
    const page = watch();
    const first = await page.until(() => true);
    const scan = await startScan();
    const frame = await page.until(({ version }) => version > first.version);
    expect(frame.balance.available).toBe(first.balance.available - 1);
    expect(frame.runningScans).toMatchObject([{ scanId: scan.scanId, state: "running" }]);
    expect(frame.reason).toBe("debit");
    await ada.api.scans.stop.mutate({ scanId: scan.scanId });
    await page.until(
      ({ runningScans, version }) => version > frame.version && runningScans.length === 0,
    );
  });

  test("shows the same frame as every other, made once", async () => {
    const pages = [watch(), watch(), watch(), watch()];
    const version =
      (await Promise.all(pages.map((page) => page.until(() => true))))[0]?.version ?? 0;
    const before = {
      reads: await metricOf(on, "scanmeter_live_reads_total"),
      encodings: await metricOf(on, "scanmeter_live_encodings_total"),
    };
    const { scanId } = await startScan();
    const frames = await Promise.all(
      pages.map((page) => page.until((frame) => frame.version > version)),
    );
    expect(new Set(frames.map((frame) => JSON.stringify(frame))).size).toBe(1);
    expect(await metricOf(on, "scanmeter_live_reads_total")).toBe(before.reads + 1);
    expect(await metricOf(on, "scanmeter_live_encodings_total")).toBe(before.encodings + 1);
    await ada.api.scans.stop.mutate({ scanId });
  });

  test("that comes back with what it knows is told what it missed, and nothing else", async () => {
    const known = (await watch().until(() => true)).version;
    const back = watch(String(known));
    const { scanId } = await startScan();
    await back.until(({ version }) => version > known);
    expect(back.frames.map(({ version }) => version)).not.toContain(known);

    await ada.api.scans.stop.mutate({ scanId });
    const missed = await watch(String(known)).until(() => true);
    expect(missed.version).toBeGreaterThan(known + 1);
  });

  test("is right again at the next check when the notice is lost", async () => {
    const page = watch();
    const first = await page.until(() => true);
    on.operations.announceTo(() => {});
    const { scanId } = await startScan();
    await page.until(({ version }) => version > first.version);
    on.operations.announceTo(on.publish);
    await ada.api.scans.stop.mutate({ scanId });
  });

  test("is told nothing of other accounts", async () => {
    const bob = await on.signUp("Bob");
    const page = watch();
    await page.until(() => true);
    const before = page.frames.length;
    await on.operations.grantCredits({
      accountId: bob.accountId,
      credits: credits(5),
      kind: "free",
      source: "a test",
      key: "more",
    });
    const { scanId } = await startScan();
    await page.until(({ runningScans }) => runningScans.length > 0);
    expect(page.frames.slice(before).every(({ reason }) => reason !== "grant")).toBe(true);
    await ada.api.scans.stop.mutate({ scanId });
  });
});

describe("a runner that listens for directives", () => {
  test("is told at once what its user decides", async () => {
    const { scanId } = await startScan();
    const line = obey(scanId);
    await eventually(() => line.views.length === 1);
    await ada.api.scans.pause.mutate({ scanId });
    await eventually(() => line.views.length === 2);
    await ada.api.scans.resume.mutate({ scanId });
    await eventually(() => line.views.length === 3);
    await ada.api.scans.stop.mutate({ scanId });
    await eventually(() => line.views.length === 4);
    expect(line.views.map(({ directive, state }) => [directive, state])).toEqual([
      ["continue", "running"],
      ["pause", "paused"],
      ["continue", "running"],
      ["stop", "stopped"],
    ]);
    // Whoever looks later reads who it was.
    const { steps } = await ada.api.scans.get.query({ scanId });
    expect(steps.slice(1).map(({ text }) => text)).toEqual([
      "Paused by Ada",
      "Resumed by Ada",
      "Ended: stopped by Ada",
    ]);
    const { items } = await ada.api.account.activity.query({ limit: 4 });
    expect(items.map(({ who }) => who)).toEqual(["Ada", "Ada", "Ada", "CI"]);
  });

  test("is not told of what happens to other scans", async () => {
    const one = await startScan();
    const line = obey(one.scanId);
    await eventually(() => line.views.length === 1);
    const other = await startScan();
    await ada.api.scans.stop.mutate({ scanId: other.scanId });
    await ada.api.scans.stop.mutate({ scanId: one.scanId });
    await eventually(() => line.views.length === 2);
    expect(line.views.map(({ state }) => state)).toEqual(["running", "stopped"]);
  });

  test("that comes back is told the state that it missed", async () => {
    const { scanId } = await startScan();
    const version = (await ada.api.account.overview.query()).version;
    await ada.api.scans.stop.mutate({ scanId });
    const line = obey(scanId, String(version));
    await eventually(() => line.views.length === 1);
    expect(line.views).toMatchObject([{ state: "stopped", directive: "stop" }]);
  });

  test("counts as connected for as long as its line is open", async () => {
    const { scanId } = await startScan();
    const isConnected = () =>
      on.edge
        .connectedScans()
        .some((scan) => scan.scanId === scanId && scan.accountId === ada.accountId);
    expect(isConnected()).toBe(false);
    const line = obey(scanId);
    await eventually(() => line.views.length === 1);
    expect(isConnected()).toBe(true);
    lines.pop()?.close();
    await eventually(() => !isConnected());
    await ada.api.scans.stop.mutate({ scanId });
  });
});

test("the feeds go on when Redis is wiped, away and back", async () => {
  const { redis } = on;
  const page = watch();
  const first = await page.until(() => true);
  await redis.flushall();
  await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  const { scanId } = await startScan();
  await page.until(({ version }) => version > first.version);
  await ada.api.scans.stop.mutate({ scanId });
});
