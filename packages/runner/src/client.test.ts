import { randomUUID } from "node:crypto";
import type { ScanView } from "@scanmeter/contracts/scans";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRunnerClient, type RunnerClient } from "./client.ts";
import { RunnerRefusal, RunnerUnreachable } from "./refusal.ts";
import { pausedForCredits } from "./testing/a-scan.ts";
import { StandInPlatform, standInKey } from "./testing/stand-in-platform.ts";
import { systemTimers, type Timers } from "./timers.ts";

// Real waiting, but short: a thousandth of it, and the dice always low.
const hurried: Timers = {
  ...systemTimers,
  random: () => 0.01,
  after: (ms, run) => systemTimers.after(ms / 1_000, run),
};

let platform: StandInPlatform;
let client: RunnerClient;

beforeEach(async () => {
  platform = new StandInPlatform();
  await platform.open();
  client = createRunnerClient({ url: platform.url, key: standInKey, timers: hurried });
});
afterEach(async () => {
  await client.close();
  await platform.close();
});

const start = () => client.startScan({ targetId: "tgt_1", idempotencyKey: randomUUID() });

test("a scan is started, kept alive, paused, resumed and finished", async () => {
  const { scanId, state } = await start();
  expect(state).toBe("running");
  expect((await client.heartbeat({ scanId })).directive).toBe("continue");
  expect((await client.pauseScan({ scanId })).pausedFor).toBe("runner");
  expect((await client.resumeScan({ scanId })).state).toBe("running");
  expect((await client.finishScan({ scanId, outcome: "completed" })).state).toBe("finished");
});

test("targets are listed", async () => {
  expect(await client.targets()).toEqual(platform.targets);
});

test("a refusal arrives with its code and its facts, and is not asked again", async () => {
  platform.credits = 0;
  const refusal = await start().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RunnerRefusal);
  expect(refusal).toMatchObject({
    code: "insufficient_credits",
    facts: { required: 1, available: 0 },
  });
  expect(platform.callsTo("runner.startScan")).toHaveLength(1);
});

test("a wrong key is refused as unauthorized, with a message that does not hold it", async () => {
  const stranger = createRunnerClient({ url: platform.url, key: "rk_wrong_secret" });
  const refusal = await stranger.targets().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "unauthorized" });
  expect(String(refusal)).not.toContain("rk_wrong_secret");
});

test("a proxy's 502, 503 and 429 are tried again, and a start costs one credit all the same", async () => {
  platform.proxyAnswers.push({ status: 502 }, { status: 503, retryAfter: 1 }, { status: 429 });
  const reasons: string[] = [];
  const onRetry = (reason: string) => reasons.push(reason);
  await client.startScan({ targetId: "tgt_1", idempotencyKey: "once" }, { onRetry });
  await client.startScan({ targetId: "tgt_1", idempotencyKey: "once" });
  expect(reasons).toEqual(
    [502, 503, 429].map((s) => `HTTP ${s} that is not an answer of Scanmeter`),
  );
  expect(platform.credits).toBe(9);
});

test("trouble within the platform is tried again even when it comes with a code", async () => {
  platform.troubles.push("INTERNAL_SERVER_ERROR", "TOO_MANY_REQUESTS", "TIMEOUT");
  const { scanId } = await start();
  expect(platform.callsTo("runner.startScan")).toHaveLength(4);
  expect(platform.scan.scanId).toBe(scanId);
});

test("a call made while the platform is down is answered when it is back", async () => {
  await platform.close();
  let targets: ReturnType<RunnerClient["targets"]> | undefined;
  const reason = await new Promise<string>((resolve) => {
    targets = client.targets({ onRetry: resolve });
  });
  expect(reason).toBe("ECONNREFUSED");
  await platform.open();
  expect(await targets).toHaveLength(1);
});

test("when patience runs out the reason is said", async () => {
  await platform.close();
  const unreachable = await client.targets({ patienceMs: 0 }).catch((error: unknown) => error);
  expect(unreachable).toBeInstanceOf(RunnerUnreachable);
  expect(unreachable).toMatchObject({ reason: "ECONNREFUSED" });
});

/** Notes what the line says and lets a test wait for it. */
function listen(scanId: string) {
  const views: ScanView[] = [];
  const heard = new Set<() => void>();
  const line = client.directives(scanId, {
    onView(view) {
      views.push(view);
      for (const check of [...heard]) check();
    },
  });
  const until = (condition: (view: ScanView) => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!views.some(condition)) return;
        heard.delete(check);
        resolve();
      };
      heard.add(check);
      check();
    });
  return { views, until, line };
}

test("directives arrive as they happen, and none after the line is closed", async () => {
  const { scanId } = await start();
  const { until, line, views } = listen(scanId);
  await until(({ state }) => state === "running");
  platform.change(pausedForCredits);
  await until(({ pausedFor }) => pausedFor === "credits");
  line.close();
  await platform.until(() => platform.subscribers === 0);
  const heard = views.length;
  platform.change({ state: "running", directive: "continue" });
  await client.heartbeat({ scanId });
  expect(views).toHaveLength(heard);
});

test("a directive given while the server was down is heard after its restart", async () => {
  const { scanId } = await start();
  const { until, line } = listen(scanId);
  await until(({ state }) => state === "running");
  await platform.close();
  platform.change(pausedForCredits);
  await platform.open();
  await until(({ pausedFor }) => pausedFor === "credits");
  expect(platform.callsTo("runner.directives").at(-1)).toHaveProperty("lastEventId");
  line.close();
});
