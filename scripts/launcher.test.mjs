import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identifyRedis } from "./redis-probe.mjs";

let dir;
let shell;
let launcherPid;
let closed;
let output;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "scanmeter-launcher-"));
  output = "";
});

afterEach(async () => {
  if (shell.exitCode === null && shell.signalCode === null) kill("SIGTERM");
  await closed;
  rmSync(dir, { recursive: true, force: true });
});

/** Stands in for the application: says what it was given, and stops as it is told to. */
const application = `
  import { createConnection } from "node:net";
  const port = new URL(process.env.REDIS_URL).port;
  const stop = (reason) => {
    // Redis must still be there while the application stops.
    const redis = createConnection(Number(port), "127.0.0.1");
    redis.once("connect", () => { console.log("stopped by", reason, "with Redis"); process.exit(CODE); });
    redis.once("error", () => { console.log("stopped by", reason, "without Redis"); process.exit(CODE); });
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.once("disconnect", () => stop("disconnect"));
  setInterval(() => {}, 1000);
  console.log("app", process.pid, port);
`;

async function launchApplication(source = application.replaceAll("CODE", "0")) {
  const program = join(dir, "app.mjs");
  const script = join(dir, "launch.mjs");
  const options = { program, redisDir: join(dir, "redis"), stopsWithParent: true };
  writeFileSync(program, source);
  writeFileSync(
    script,
    `import { launch } from ${JSON.stringify(new URL("launcher.mjs", import.meta.url).href)};
     console.log("launcher", process.pid);
     process.exitCode = await launch(${JSON.stringify(options)});`,
  );
  // Through a shell that stays in between, as npm does it.
  shell = spawn("sh", ["-c", 'node "$0"; exit $?', script], { stdio: ["ignore", "pipe", "pipe"] });
  // Only when its streams are closed too has everything been said.
  closed = once(shell, "close");
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      shell.emit("said");
    });
  }
  const [, launcher] = await said(/launcher (\d+)/);
  launcherPid = Number(launcher);
  const [, app, port] = await said(/app (\d+) (\d+)/);
  return { appPid: Number(app), redisPort: Number(port) };
}

async function said(pattern) {
  for (;;) {
    const match = pattern.exec(output);
    if (match) return match;
    await once(shell, "said");
  }
}

async function exitCode() {
  await closed;
  return shell.exitCode;
}

function kill(signal) {
  process.kill(launcherPid, signal);
}

function processGroupOf(pid) {
  return execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }).trim();
}

test("a signal stops the application first, and Redis when the application is done", async () => {
  const { redisPort } = await launchApplication();
  kill("SIGTERM");
  expect(await exitCode()).toBe(0);
  expect(output).toContain("stopped by SIGTERM with Redis");
  expect(await identifyRedis(redisPort)).toBeNull();
});

test("the same wish heard twice is one wish", async () => {
  await launchApplication();
  kill("SIGINT");
  kill("SIGTERM");
  expect(await exitCode()).toBe(0);
  expect(output).toContain("stopped by SIGTERM with Redis");
});

test("a Ctrl-C reaches the application and Redis through the launcher only", async () => {
  const { appPid, redisPort } = await launchApplication();
  const redis = await identifyRedis(redisPort);
  const groups = [launcherPid, appPid, redis.pid].map(processGroupOf);
  expect(new Set(groups).size).toBe(3);
});

test("an application that ends by itself takes Redis with it and its code stays", async () => {
  const source = `${application.replaceAll("CODE", "0")}; setTimeout(() => process.exit(3), 50);`;
  const { redisPort } = await launchApplication(source);
  expect(await exitCode()).toBe(3);
  expect(await identifyRedis(redisPort)).toBeNull();
});

test("an application left alone by a killed launcher notices it", async () => {
  await launchApplication();
  kill("SIGKILL");
  await said(/stopped by disconnect/);
  // The next start ends the Redis that was left behind.
  output = "";
  await launchApplication();
});

test("a launcher whose npm was ended stops everything in order", async () => {
  const { redisPort } = await launchApplication();
  shell.kill("SIGTERM");
  await closed;
  expect(output).toContain("stopped by SIGTERM with Redis");
  expect(await identifyRedis(redisPort)).toBeNull();
});

test("a Redis that dies comes back on its port while the application runs", async () => {
  const { redisPort } = await launchApplication();
  const before = await identifyRedis(redisPort);
  process.kill(before.pid, "SIGKILL");
  await said(/Redis ended unexpectedly/);
  await expect
    .poll(async () => (await identifyRedis(redisPort))?.pid ?? before.pid)
    .not.toBe(before.pid);
  const record = JSON.parse(readFileSync(join(dir, "redis/server.json"), "utf8"));
  expect(record.port).toBe(redisPort);
});
