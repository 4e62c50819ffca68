import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, pausedForCredits } from "./testing/a-scan.ts";
import { commandPath, eventually, processState, RunningCli } from "./testing/running-cli.ts";
import { StandInPlatform, standInKey } from "./testing/stand-in-platform.ts";

let platform: StandInPlatform;
let clis: RunningCli[];

beforeEach(async () => {
  clis = [];
  platform = new StandInPlatform();
  await platform.open();
});
afterEach(async () => {
  // The first signal asks, the second kills; SIGKILL would orphan the commands.
  for (const cli of clis) for (const signal of ["SIGTERM", "SIGINT"] as const) cli.signal(signal);
  await Promise.all(clis.map((cli) => cli.exitCode));
  await platform.close();
});

function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const started = new RunningCli(args, { SCANMETER_URL: platform.url, ...env });
  clis.push(started);
  return started;
}

const run = (name: string, ...args: readonly string[]) =>
  cli([
    "run",
    "--target",
    "tgt_1",
    "--grace",
    "0.3",
    "--",
    process.execPath,
    commandPath(name),
    ...args,
  ]);

const areAll = (pids: readonly number[], states: string) => () =>
  pids.every((pid) => states.includes(processState(pid)));
const areGone = (pids: readonly number[]) => () =>
  pids.every((pid) => ["Z", "gone"].includes(processState(pid)));

test("input, output and exit code pass through, and the runner's words keep to standard error", async () => {
  const bytes = randomBytes(300_000);
  const metered = run("echoing", "7");
  metered.write(bytes);
  expect(await metered.exitCode).toBe(7);
  expect(metered.output.equals(bytes)).toBe(true);
  expect(metered.words).toEqual([
    "scanmeter: scan scan_1 of https://shop.example/ started: 1 credit now, at most 5",
    "scanmeter: scan failed: 1 credit for 0 s",
  ]);
  expect(platform.callsTo("runner.finishScan")).toEqual([
    { scanId: "scan_1", outcome: "failed", fault: "runner" },
  ]);
});

test("the command knows its scan but not the key", async () => {
  const metered = run("echoing", "0");
  metered.write(Buffer.from(""));
  expect(await metered.exitCode).toBe(0);
  expect(metered.errors).toContain("label scan_1 key undefined\n");
});

test("a pause really stops the command and its helpers, and a resume really continues them", async () => {
  const metered = run("ticking");
  const pids = await metered.pids();
  platform.change(pausedForCredits);
  await eventually(areAll(pids, "T"));
  await metered.says(/paused: no credits left/);
  platform.change({ state: "running", directive: "continue" });
  await eventually(areAll(pids, "SR"));
  await metered.says(/resumed: credits arrived/);
});

test("a paused scan that is stopped ends the command and its helpers", async () => {
  const metered = run("ticking");
  const pids = await metered.pids();
  platform.change(pausedForCredits);
  await eventually(areAll(pids, "T"));
  platform.change({ ...ended("stopped"), creditsDebited: 2, activeSeconds: 3_840 });
  expect(await metered.exitCode).toBe(143);
  await eventually(areGone(pids));
  expect(platform.callsTo("runner.finishScan")).toEqual([]);
  expect(metered.words.at(-1)).toBe("scanmeter: scan stopped: 2 credits for 1 h 04 min");
});

test("a command that ignores SIGTERM is killed when the grace is over", async () => {
  const metered = run("stubborn");
  const pids = await metered.pids();
  platform.change({ directive: "stop" });
  expect(await metered.exitCode).toBe(137);
  expect(metered.output.toString()).toContain("ignored SIGTERM");
  expect(areGone(pids)()).toBe(true);
  expect(platform.scan.state).toBe("stopped");
});

test("a restart of the platform in the middle of a scan disturbs neither the command nor the meter", async () => {
  platform.heartbeatEverySeconds = 0.1;
  const metered = run("ticking");
  const pids = await metered.pids();
  await platform.close();
  await metered.says(/connection lost, retrying/);
  platform.change(pausedForCredits);
  await platform.open();
  await metered.says(/reconnected/);
  await eventually(areAll(pids, "T"));
  await platform.until(() => platform.subscribers === 1);
  platform.change({ state: "running", directive: "continue" });
  await eventually(areAll(pids, "SR"));
  expect(platform.scans.size).toBe(1);
  expect(metered.words.filter((line) => line.includes("connection lost"))).toHaveLength(1);
});

test("an end that happens while the platform is down is reported when it is back", async () => {
  const metered = run("echoing", "0");
  await metered.says(/started/);
  await platform.close();
  metered.write(Buffer.from("found nothing"));
  await metered.says(/connection lost, retrying/);
  await platform.open();
  expect(await metered.exitCode).toBe(0);
  expect(platform.scan.state).toBe("finished");
});

test("Ctrl-C reaches the command through the runner and stops the scan; a second signal kills", async () => {
  const metered = run("stubborn");
  const pids = await metered.pids();
  metered.signal("SIGINT");
  await metered.outputs("ignored SIGINT");
  expect(areGone(pids)()).toBe(false);
  metered.signal("SIGTERM");
  expect(await metered.exitCode).toBe(137);
  expect(areGone(pids)()).toBe(true);
  expect(platform.scan.state).toBe("stopped");
});

test("SIGTERM to the runner ends a willing command with its usual exit code", async () => {
  const metered = run("ticking");
  const pids = await metered.pids();
  metered.signal("SIGTERM");
  expect(await metered.exitCode).toBe(143);
  await eventually(areGone(pids));
  expect(platform.scan.state).toBe("stopped");
});

test("without credits nothing is run: exit code 3 and one sentence that says what to do", async () => {
  platform.credits = 0;
  const metered = run("ticking");
  expect(await metered.exitCode).toBe(3);
  expect(metered.output.length).toBe(0);
  expect(metered.errors).toMatch(/^scanmeter: not enough credits: .* buy credits .*\n$/);
});

test("a command that does not exist costs nothing: exit code 127 and no scan", async () => {
  const metered = cli(["run", "--target", "tgt_1", "--", "no-such-scanner"]);
  expect(await metered.exitCode).toBe(127);
  expect(metered.errors).toBe(
    'scanmeter: cannot run "no-such-scanner": there is no such command; no scan was started\n',
  );
  expect(platform.scans.size).toBe(0);
});

test("any other no is exit code 4 with the platform's own sentence", async () => {
  const label = "x".repeat(101);
  const refused = cli(["run", "--target", "tgt_1", "--label", label, "--", "true"]);
  expect(await refused.exitCode).toBe(4);
  expect(refused.errors).toMatch(/refused \(bad_request\): label is at most 100 characters\n$/);
});

test("a target is found by its url, whether or not it ends in a slash", async () => {
  const metered = cli([
    "run",
    "--target",
    "https://shop.example",
    "--label",
    "nightly",
    "--",
    "true",
  ]);
  expect(await metered.exitCode).toBe(0);
  expect(platform.scan).toMatchObject({ targetId: "tgt_1", label: "nightly" });
});

test.each([
  ["no key", ["targets"], { SCANMETER_RUNNER_KEY: "" }, /no runner key/],
  [
    "a wrong key",
    ["targets"],
    { SCANMETER_RUNNER_KEY: "rk_wrong" },
    /does not accept this runner key/,
  ],
  [
    "an unknown target",
    ["run", "--target", "x", "--", "true"],
    {},
    /no target "x"; there are tgt_1/,
  ],
  ["a wrong url", ["targets", "--url", "nonsense"], {}, /must start with http/],
  ["an unknown flag", ["run", "--nope", "--", "true"], {}, /unknown option --nope/],
  ["a key out of place", ["targets", standInKey], {}, /unexpected "<key>"/],
] as const)(
  "%s is one sentence, exit code 2, and never shows a key",
  async (_what, args, env, words) => {
    const refused = cli(args, env);
    expect(await refused.exitCode).toBe(2);
    expect(refused.errors).toMatch(/^scanmeter: [^\n]+\n$/);
    expect(refused.errors).toMatch(words);
    expect(refused.errors).not.toMatch(/rk_/);
  },
);

test("targets, --help and --version answer on standard output", async () => {
  const [targets, help, version] = [cli(["targets"]), cli(["--help"]), cli(["--version"])];
  const codes = await Promise.all([targets, help, version].map((one) => one.exitCode));
  expect(codes).toEqual([0, 0, 0]);
  expect(targets.output.toString()).toBe("tgt_1  credits    https://shop.example/  Shop\n");
  expect(help.output.toString()).toMatch(/^scanmeter-runner: /);
  expect(version.output.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
});
