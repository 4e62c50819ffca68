import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identifyRedis } from "./redis-probe.mjs";

let dir;
let launcher;
let closed;
let output;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "scanmeter-launcher-"));
  output = "";
});

afterEach(async () => {
  launcher.kill("SIGTERM");
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
  writeFileSync(program, source);
  const script = `
    import { launch } from ${JSON.stringify(new URL("launcher.mjs", import.meta.url).href)};
    process.exitCode = await launch({
      program: ${JSON.stringify(program)},
      redisDir: ${JSON.stringify(join(dir, "redis"))},
    });
  `;
  launcher = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Only when its streams are closed too has everything been said.
  closed = once(launcher, "close");
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      launcher.emit("said");
    });
  }
  const [, pid, port] = await said(/app (\d+) (\d+)/);
  return { pid: Number(pid), redisPort: Number(port) };
}

async function said(pattern) {
  for (;;) {
    const match = pattern.exec(output);
    if (match) return match;
    await once(launcher, "said");
  }
}

async function exitCode() {
  await closed;
  return launcher.exitCode;
}

function processGroupOf(pid) {
  return execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }).trim();
}

test("a signal stops the application first, and Redis when the application is done", async () => {
  const { redisPort } = await launchApplication();
  launcher.kill("SIGTERM");
  expect(await exitCode()).toBe(0);
  expect(output).toContain("stopped by SIGTERM with Redis");
  expect(await identifyRedis(redisPort)).toBeNull();
});

test("the same wish heard twice is one wish", async () => {
  await launchApplication();
  launcher.kill("SIGINT");
  launcher.kill("SIGTERM");
  expect(await exitCode()).toBe(0);
  expect(output).toContain("stopped by SIGTERM with Redis");
});

test("a Ctrl-C reaches the application and Redis through the launcher only", async () => {
  const { pid, redisPort } = await launchApplication();
  const redis = await identifyRedis(redisPort);
  const groups = [launcher.pid, pid, redis.pid].map(processGroupOf);
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
  launcher.kill("SIGKILL");
  await said(/stopped by disconnect/);
  // The next start ends the Redis that was left behind.
  output = "";
  await launchApplication();
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
