import { expect, test } from "vitest";
import { runMetered } from "./metered-run.ts";
import { RunnerRefusal, RunnerUnreachable } from "./refusal.ts";
import { ended, pausedForCredits } from "./testing/a-scan.ts";
import { FakeChild } from "./testing/fake-child.ts";
import { FakeClient } from "./testing/fake-client.ts";
import { ManualTimers, settled } from "./testing/manual-timers.ts";

const start = { targetId: "tgt_1", idempotencyKey: "once" };
const outage = new RunnerUnreachable("ECONNREFUSED", undefined);

function setUp() {
  const client = new FakeClient();
  const child = new FakeChild();
  const timers = new ManualTimers();
  const said: string[] = [];
  const spawned: string[] = [];
  const begin = () => {
    const run = runMetered(
      {
        client,
        timers,
        say: (sentence) => said.push(sentence),
        spawn: (scan) => {
          spawned.push(scan.scanId);
          return child;
        },
      },
      { start },
    );
    run.ended.catch(() => {});
    return run;
  };
  return { client, child, timers, said, spawned, begin };
}

async function running() {
  const stage = setUp();
  const run = stage.begin();
  await settled();
  return { ...stage, run };
}

test("a command that succeeds completes its scan and says what was spent", async () => {
  const { client, child, said, run } = await running();
  client.view = { ...client.view, creditsDebited: 2, activeSeconds: 3_840 };
  child.end({ how: "exited", code: 0 });
  expect(await run.ended).toBe(0);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "completed" }]);
  expect(said).toEqual([
    "scan scan_1 of https://shop.example started: 1 credit now, at most 5",
    "scan finished: 2 credits for 1 h 04 min",
  ]);
});

test("a command that fails fails its scan as the runner's fault and keeps its exit code", async () => {
  const { client, child, run } = await running();
  child.end({ how: "exited", code: 7 });
  expect(await run.ended).toBe(7);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "failed", fault: "runner" }]);
});

test("a command that a signal ended exits with 128 and the signal's number", async () => {
  const { child, run } = await running();
  child.end({ how: "signalled", signal: "SIGSEGV" });
  expect(await run.ended).toBe(139);
});

test("a command that cannot be run fails the scan, exits with 127 and says so in one sentence", async () => {
  const { client, child, said, run } = await running();
  child.end({ how: "not_started", code: "ENOENT" });
  expect(await run.ended).toBe(127);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "failed", fault: "runner" }]);
  expect(said).toContain('cannot run "scanner --all": there is no such command');
});

test("a scan that may not start runs nothing", async () => {
  const { client, spawned, begin } = setUp();
  client.failure = new RunnerRefusal({ code: "insufficient_credits" });
  await expect(begin().ended).rejects.toMatchObject({ code: "insufficient_credits" });
  expect(spawned).toEqual([]);
});

test("the command starts only when the platform can reach the runner, or after two seconds", async () => {
  const { client, timers, spawned, said, begin } = setUp();
  client.opensLine = false;
  begin();
  await timers.advance(1_999);
  expect([spawned, said]).toEqual([[], []]);
  await timers.advance(1);
  expect(spawned).toEqual(["scan_1"]);
});

test("a heartbeat is sent at the rhythm of the last view", async () => {
  const { client, timers } = await running();
  await timers.advance(29_999);
  expect(client.beats).toBe(0);
  await timers.advance(1);
  expect(client.beats).toBe(1);
  client.push({ heartbeatEverySeconds: 0.1 });
  await timers.advance(1_000);
  expect(client.beats).toBe(11);
});

test("a scan paused by a heartbeat's answer freezes the command, and heartbeats go on", async () => {
  const { client, child, timers, said } = await running();
  client.view = { ...client.view, ...pausedForCredits };
  await timers.advance(30_000);
  expect(child.signals).toEqual(["SIGSTOP"]);
  expect(said.at(-1)).toBe(
    "paused: no credits left; the scan goes on by itself when credits arrive",
  );
  await timers.advance(300_000);
  expect(client.beats).toBe(11);
});

test("a pause and a resume over the line freeze and thaw the command once each", async () => {
  const { client, child, said } = await running();
  client.push(pausedForCredits);
  client.push(pausedForCredits);
  client.push({ state: "running", directive: "continue" });
  client.push({ state: "running", directive: "continue" });
  expect(child.signals).toEqual(["SIGSTOP", "SIGCONT"]);
  expect(said.at(-1)).toBe("resumed: credits arrived");
});

// The answer was true when the platform gave it, but the pause came later.
test("a heartbeat's answer that a directive overtook does not thaw the command", async () => {
  const { client, child, timers } = await running();
  let open = () => {};
  client.gate = new Promise((resolve) => {
    open = resolve;
  });
  await timers.advance(30_000);
  client.push(pausedForCredits);
  open();
  await settled();
  expect(child.signals).toEqual(["SIGSTOP"]);
  await timers.advance(0);
  expect(client.beats).toBe(2);
  expect(child.signals).toEqual(["SIGSTOP"]);
});

test("a scan already paused when the command starts freezes it at once", async () => {
  const { client, child, begin } = setUp();
  Object.assign(client.view, pausedForCredits);
  begin();
  await settled();
  expect(child.signals).toEqual(["SIGSTOP"]);
});

test("a stop sends SIGTERM, thaws, and kills after the grace; the scan is not reported again", async () => {
  const { client, child, timers, said, run } = await running();
  client.push(pausedForCredits);
  client.push({ ...ended("stopped"), directiveReason: "waited_too_long", creditsDebited: 3 });
  expect(child.signals).toEqual(["SIGSTOP", "SIGTERM", "SIGCONT"]);
  await timers.advance(9_999);
  expect(child.signals).not.toContain("SIGKILL");
  await timers.advance(1);
  expect(child.signals.at(-1)).toBe("SIGKILL");
  expect(await run.ended).toBe(137);
  expect(client.finished).toEqual([]);
  expect(said).toContain("the scan was stopped (waited too long); stopping the command");
  expect(said.at(-1)).toBe("scan stopped: 3 credits for 0 s");
});

test("a stop that the platform only asks for is reported as stopped, whatever the exit code", async () => {
  const { client, child, run } = await running();
  client.push({ directive: "stop" });
  child.end({ how: "exited", code: 0 });
  expect(await run.ended).toBe(0);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "stopped" }]);
});

test.each(["scan_not_found", "scan_already_ended", "unauthorized"])(
  "a heartbeat refused with %s stops the command",
  async (code) => {
    const { client, child, timers, run } = await running();
    client.failure = new RunnerRefusal({ code });
    await timers.advance(30_000);
    expect(child.signals).toEqual(["SIGTERM", "SIGCONT"]);
    child.end({ how: "signalled", signal: "SIGTERM" });
    expect(await run.ended).toBe(143);
    expect(client.finished).toEqual([]);
  },
);

test("a heartbeat refused for an unknown reason is asked again and leaves the command alone", async () => {
  const { client, child, timers } = await running();
  client.failure = new RunnerRefusal({ code: "something_new" });
  await timers.advance(60_000);
  expect(child.signals).toEqual([]);
  expect(client.beats).toBeGreaterThan(3);
});

test("a lost scan stops the command", async () => {
  const { client, child, timers, said } = await running();
  client.view = { ...client.view, ...ended("lost") };
  await timers.advance(30_000);
  expect(child.signals).toEqual(["SIGTERM", "SIGCONT"]);
  expect(said.at(-1)).toMatch(/gave the scan up as lost/);
});

test("an outage is mentioned once, heartbeats go on through it, and so is its end", async () => {
  const { client, child, timers, said } = await running();
  client.failure = outage;
  await timers.advance(120_000);
  expect(client.beats).toBeGreaterThan(8);
  client.failure = undefined;
  await timers.advance(30_000);
  expect(child.signals).toEqual([]);
  expect(said.slice(1)).toEqual(["connection lost, retrying (ECONNREFUSED)", "reconnected"]);
});

test("an end that nobody hears is reported until somebody does", async () => {
  const { client, child, said, run } = await running();
  client.failure = outage;
  child.end({ how: "exited", code: 0 });
  await settled();
  client.failure = undefined;
  expect(await run.ended).toBe(0);
  expect(said.slice(1)).toEqual([
    "connection lost, retrying (ECONNREFUSED)",
    "reconnected",
    "scan finished: 1 credit for 0 s",
  ]);
});

test("each hour is announced when it is debited, also when several were at once", async () => {
  const { client, said } = await running();
  client.push({ creditsDebited: 2 });
  client.push({ creditsDebited: 4 });
  expect(said.slice(1)).toEqual([
    "hour 2 started, 2 of at most 5 credits",
    "hour 3 started, 3 of at most 5 credits",
    "hour 4 started, 4 of at most 5 credits",
  ]);
});

test("an interruption is passed on and the scan reported as stopped; the second one kills", async () => {
  const { client, child, timers, run } = await running();
  client.push(pausedForCredits);
  run.interrupt("SIGINT");
  await timers.advance(199);
  run.interrupt("SIGINT"); // still the first one: a terminal and npm both send it
  expect(child.signals).toEqual(["SIGSTOP", "SIGINT", "SIGCONT"]);
  await timers.advance(200);
  run.interrupt("SIGINT");
  expect(child.signals.at(-1)).toBe("SIGKILL");
  expect(await run.ended).toBe(137);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "stopped" }]);
});

test("a pause after an interruption does not freeze a command that is about to end", async () => {
  const { client, child, run } = await running();
  run.interrupt("SIGTERM");
  client.push(pausedForCredits);
  expect(child.signals).toEqual(["SIGTERM", "SIGCONT"]);
});

test("an interruption while the platform does not answer starts nothing", async () => {
  const { client, spawned, begin } = setUp();
  client.failure = outage;
  const run = begin();
  await settled();
  run.interrupt("SIGINT");
  expect(await run.ended).toBe(130);
  expect(spawned).toEqual([]);
});

test("an interruption before the command runs ends the scan that was started for it", async () => {
  const { client, spawned, begin } = setUp();
  client.opensLine = false;
  const run = begin();
  await settled();
  run.interrupt("SIGTERM");
  expect(await run.ended).toBe(143);
  expect(spawned).toEqual([]);
  expect(client.finished).toEqual([{ scanId: "scan_1", outcome: "stopped" }]);
});

test("two interruptions while the end is being reported leave without reporting it", async () => {
  const { client, child, timers, said, run } = await running();
  client.failure = outage;
  child.end({ how: "exited", code: 5 });
  await settled();
  run.interrupt("SIGINT");
  await timers.advance(200);
  run.interrupt("SIGINT");
  expect(await run.ended).toBe(5);
  expect(said.at(-1)).toMatch(/^the end of the scan could not be reported \(ECONNREFUSED\)/);
});

test("a command that was told to end takes its helpers with it", async () => {
  const { client, child, timers, run } = await running();
  child.helpers = 2;
  client.push(ended("stopped"));
  child.end({ how: "exited", code: 0 });
  await timers.advance(10_000);
  expect(await run.ended).toBe(0);
  expect(child.helpers).toBe(0);
});

test("helpers that outlive an interrupted command are killed when the grace is over", async () => {
  const { child, timers, run } = await running();
  child.helpers = 1;
  run.interrupt("SIGINT");
  child.end({ how: "signalled", signal: "SIGINT" });
  await timers.advance(9_999);
  expect(child.signals).not.toContain("SIGKILL");
  await timers.advance(51);
  expect(child.signals).toContain("SIGKILL");
  expect(await run.ended).toBe(130);
});

test("a command that ends by itself may leave helpers behind", async () => {
  const { child, run } = await running();
  child.helpers = 1;
  child.end({ how: "exited", code: 0 });
  await run.ended;
  expect(child.signals).toEqual([]);
});

test("a command that may not be signalled is mentioned once", async () => {
  const { client, child, said } = await running();
  child.answer = "forbidden";
  client.push(pausedForCredits);
  client.push({ state: "running", directive: "continue" });
  expect(said.filter((line) => line.includes("another user"))).toHaveLength(1);
});

test("nothing is left waiting when the run is over: no timer, no line", async () => {
  const { client, child, timers, run } = await running();
  client.push({ directive: "stop" });
  child.end({ how: "exited", code: 0 });
  await run.ended;
  expect(timers.waiting).toBe(0);
  expect(client.isLineOpen).toBe(false);
});
