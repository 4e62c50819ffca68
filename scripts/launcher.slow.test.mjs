import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildIfStale } from "./build.mjs";
import { identifyRedis } from "./redis-probe.mjs";
import { root } from "./repository.mjs";

let dir;
let shell;
let launcherPid;
let closed;
let output;

beforeAll(() => buildIfStale(["local-stripe"]));

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

async function launchApplication(source = application.replaceAll("CODE", "0"), more = {}) {
  const program = join(dir, "app.mjs");
  const script = join(dir, "launch.mjs");
  const options = { program, redisDir: join(dir, "redis"), stopsWithParent: true, ...more };
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

/** Beside Redis; the application asks it for its customers before it ends. */
const buyer = `
  const { STRIPE_API_BASE: url, STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret } = process.env;
  const ask = () => fetch(url + "/v1/customers", { headers: { authorization: "Bearer " + key } });
  process.on("SIGTERM", async () => {
    console.log("stopped with Stripe", (await ask()).status);
    process.exit(0);
  });
  process.once("disconnect", () => process.exit(0));
  setInterval(() => {}, 1000);
  console.log("stripe", url, key, secret);
  console.log("app", process.pid, new URL(process.env.REDIS_URL).port);
`;

async function launchBuyer() {
  const localStripe = {
    program: join(root, "packages/sandbox/dist/local-stripe.js"),
    dir: join(dir, "stripe"),
  };
  const launched = await launchApplication(buyer, { localStripe });
  const [, url, key, secret] = await said(/stripe (\S+) (\S+) (\S+)/);
  return { ...launched, url, key, secret };
}

const isThere = (url) =>
  fetch(url).then(
    () => true,
    () => false,
  );

function childrenOf(pid, pattern) {
  const list = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(pid)], {
    encoding: "utf8",
  });
  return list
    .split("\n")
    .filter((line) => pattern.test(line))
    .map((line) => Number.parseInt(line, 10));
}

test("the local Stripe is there before the application, and stops after it", async () => {
  const { url, key, secret } = await launchBuyer();
  expect([key, secret]).toEqual([
    expect.stringMatching(/^sk_test_standin_/),
    readFileSync(join(dir, "stripe/webhook-secret"), "utf8").trim(),
  ]);
  kill("SIGTERM");
  expect(await exitCode()).toBe(0);
  expect(output).toContain("stopped with Stripe 200");
  expect(await isThere(url)).toBe(false);
});

test("a local Stripe that is killed comes back where it was, with what it knew", async () => {
  const { url, key } = await launchBuyer();
  const headers = { authorization: `Bearer ${key}` };
  const body = new URLSearchParams({ name: "Ada" });
  const made = await fetch(`${url}/v1/customers`, { method: "POST", headers, body });
  const { id } = await made.json();
  const [pid] = childrenOf(launcherPid, /local-stripe/);
  process.kill(pid, "SIGKILL");
  await said(/The local Stripe ended unexpectedly \(137\)/);
  await expect.poll(() => isThere(url), { timeout: 8_000 }).toBe(true);
  const found = await fetch(`${url}/v1/customers/${id}`, { headers });
  expect(await found.json()).toMatchObject({ name: "Ada" });
});

test("a killed launcher leaves no local Stripe behind, and the next start goes on from it", async () => {
  const { url } = await launchBuyer();
  kill("SIGKILL");
  await expect.poll(() => isThere(url), { timeout: 8_000 }).toBe(false);
  output = "";
  expect((await launchBuyer()).url).toBe(url);
});

test("when one of the two cannot start, the other is not left running", async () => {
  const broken = join(dir, "broken.mjs");
  writeFileSync(broken, "process.exitCode = 1;");
  const localStripe = { program: broken, dir: join(dir, "stripe") };
  const launching = launchApplication(undefined, { localStripe });
  await said(/The local Stripe did not start/);
  await closed;
  expect(shell.exitCode).not.toBe(0);
  expect(readdirSync(join(dir, "redis"))).not.toContain("server.json");
  void launching;
});
