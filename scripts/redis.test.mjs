import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startRedis } from "./redis.mjs";

let dir;
let running;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "scanmeter-redis-"));
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((redis) => redis.stop()));
  rmSync(dir, { recursive: true, force: true });
});

async function start(options = {}) {
  const redis = await startRedis({ dir, ...options });
  running.push(redis);
  return redis;
}

/** The server's answer to a few commands, without its QUIT. */
async function say(port, ...commands) {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let reply = "";
  socket.on("data", (chunk) => {
    reply += chunk;
  });
  socket.write([...commands, "QUIT\r\n"].join("\r\n"));
  await once(socket, "close");
  return reply.replace(/\+OK\r\n$/, "");
}

/** Starts a Redis in another process and kills that process without warning. */
async function leaveServerBehind() {
  const script = `
    import { startRedis } from ${JSON.stringify(new URL("redis.mjs", import.meta.url).href)};
    console.log(JSON.stringify(await startRedis({ dir: ${JSON.stringify(dir)} })));
  `;
  const args = ["--input-type=module", "--eval", script];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(owner.stdout.setEncoding("utf8"), "data");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  return JSON.parse(line);
}

test("what was written is there after a stop and a start in the same folder", async () => {
  const first = await start();
  await say(first.port, "SET hour debited");
  await first.stop();
  const second = await start();
  expect(await say(second.port, "GET hour")).toContain("debited");
});

test("it keeps an append-only file, evicts nothing and listens on this machine only", async () => {
  const { port } = await start();
  for (const [name, value] of [
    ["appendonly", "yes"],
    ["appendfsync", "everysec"],
    ["save", ""],
    ["maxmemory-policy", "noeviction"],
    ["bind", "127.0.0.1"],
  ])
    expect((await say(port, `CONFIG GET ${name}`)).split("\r\n")[4]).toBe(value);
});

test("a second start in a folder in use is refused and leaves the first alone", async () => {
  const first = await start();
  await expect(startRedis({ dir })).rejects.toThrow("Another running Scanmeter uses the Redis");
  expect(await say(first.port, "PING")).toBe("+PONG\r\n");
});

test("a start that comes while the one before is on its way out waits for it", async () => {
  const first = await start();
  const second = start({ freeWithinMs: 10_000 });
  await first.stop();
  expect(await say((await second).port, "PING")).toBe("+PONG\r\n");
});

test("the server of a killed owner is ended before a new one reads its file", async () => {
  const orphan = await leaveServerBehind();
  await say(orphan.port, "SET hour debited");
  const redis = await start();
  expect(redis.pid).not.toBe(orphan.pid);
  await expect(say(orphan.port, "PING")).rejects.toThrow("ECONNREFUSED");
  expect(await say(redis.port, "GET hour")).toContain("debited");
});

test("a Redis of another folder on the remembered port is left alone", async () => {
  const otherDir = mkdtempSync(join(tmpdir(), "scanmeter-redis-"));
  const other = await start({ dir: otherDir });
  writeFileSync(join(dir, "server.json"), JSON.stringify({ port: other.port, pid: other.pid }));
  await start();
  expect(await say(other.port, "PING")).toBe("+PONG\r\n");
  await other.stop();
  rmSync(otherDir, { recursive: true, force: true });
});

test("a process that got the remembered id since then is left alone", async () => {
  const bystander = spawn(process.execPath, ["--eval", "process.stdin.resume()"]);
  const { port, stop } = await start();
  await stop();
  writeFileSync(join(dir, "server.json"), JSON.stringify({ port, pid: bystander.pid }));
  await start();
  // It still answers to us: closing its input ends it in its own way.
  bystander.stdin.end();
  expect(await once(bystander, "exit")).toEqual([0, null]);
});

test("a file that cannot be read is set aside, because the queue can be rebuilt", async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(dir, "appendonlydir/appendonly.aof.1.base.rdb"), "not a Redis file");
  const second = await start();
  expect(await say(second.port, "DBSIZE")).toBe(":0\r\n");
});

test("its end is noticed, and it can come back on the same port", async () => {
  const first = await start();
  process.kill(first.pid, "SIGKILL");
  expect(await first.exited).toBe(137);
  const second = await start({ port: first.port });
  expect(second.url).toBe(first.url);
});
