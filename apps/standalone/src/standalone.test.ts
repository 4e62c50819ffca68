import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { type Env, readEnv } from "./env.ts";
import { withOperations } from "./ops/database.ts";
import { askInstance } from "./ops/socket.ts";
import { type Standalone, startStandalone } from "./standalone.ts";
import { endingFor } from "./start-failure.ts";

const quiet = pino({ level: "silent" });

let redisDir: string;
let redis: PrivateRedis;
let dataDir: string;
let running: Standalone[];

beforeAll(async () => {
  redisDir = mkdtempSync(join(tmpdir(), "standalone-redis-"));
  redis = await startRedis({ dir: redisDir });
});

afterAll(async () => {
  await redis.stop();
  rmSync(redisDir, { recursive: true, force: true });
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "standalone-"));
  running = [];
});

afterEach(async () => {
  for (const standalone of running) await standalone.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const envWith = (source: Record<string, string> = {}): Env =>
  readEnv({ DATA_DIR: dataDir, PORT: "0", REDIS_URL: redis.url, ...source });

async function start(source: Record<string, string> = {}): Promise<Standalone> {
  const standalone = await startStandalone(envWith(source), quiet);
  running.push(standalone);
  return standalone;
}

/** How a start that must fail would be told to the person who tried it. */
async function endingOf(source: Record<string, string>): Promise<string> {
  try {
    await start(source);
    return "it started";
  } catch (error) {
    return endingFor(error)?.sentence ?? String(error);
  }
}

async function signIn(url: string, email = "demo@scanmeter.test", password = "demo-scanmeter") {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  return response.status;
}

const grant = (key: string) => ({
  account: "demo@scanmeter.test",
  credits: 5,
  kind: "free",
  key,
});

describe("a sandbox", () => {
  test("comes up ready, with a demo person who can sign in and one runner key", async () => {
    const { url, demo } = await start();
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(demo).toMatchObject({
      email: "demo@scanmeter.test",
      runnerKey: expect.stringMatching(/^smk_/),
    });
    expect(await signIn(url)).toBe(200);
    await expect
      .poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 8_000 })
      .toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("sweep_rescued_total 0");
  });

  test("shows the runner key only on the run that made it, and keeps everybody signed in", async () => {
    const first = await start();
    await first.close();
    const secret = readFileSync(join(dataDir, "auth-secret"), "utf8");
    const second = await start();
    expect(second.demo?.runnerKey).toBeNull();
    expect(readFileSync(join(dataDir, "auth-secret"), "utf8")).toBe(secret);
    expect(statSync(join(dataDir, "auth-secret")).mode & 0o777).toBe(0o600);
  });

  test("starts empty when it is told to", async () => {
    const { url, demo } = await start({ SANDBOX_SEED: "none" });
    expect(demo).toBeNull();
    expect(await signIn(url)).toBe(401);
  });

  test("starts and seeds while Redis is away, and says that it is not ready", async () => {
    const { url, demo } = await start({ REDIS_URL: "redis://127.0.0.1:1" });
    expect(demo?.runnerKey).toMatch(/^smk_/);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });
});

describe("the operator's door", () => {
  test("takes commands while it runs, from this user only, and the same key grants once", async () => {
    await start();
    expect(statSync(join(dataDir, "ops.sock")).mode & 0o777).toBe(0o600);
    const first = await askInstance(dataDir, "grant", grant("once"));
    const again = await askInstance(dataDir, "grant", grant("once"));
    expect(first).toMatchObject({ ok: true, result: { credits: 5, version: 3 } });
    expect(again).toEqual(first);
    expect(await askInstance(dataDir, "grant", { ...grant("once"), credits: 6 })).toMatchObject({
      ok: false,
      code: "idempotency_key_reused",
    });
    expect(await askInstance(dataDir, "grant", { account: "x" })).toMatchObject({
      code: "bad_input",
    });
    expect(await askInstance(dataDir, "" as never, {})).toMatchObject({ code: "unknown_command" });
  });

  test("is closed when it stops; then the database is free to be opened", async () => {
    const standalone = await start();
    await expect(withOperations(envWith(), async () => {})).rejects.toThrow(/owns/);
    await standalone.close();
    expect(await askInstance(dataDir, "grant", grant("later"))).toBeNull();
    const found = await withOperations(envWith(), (operations) =>
      operations.findAccount("demo@scanmeter.test"),
    );
    expect(found?.version).toBe(2);
  });

  test("lies in the temporary folder when the data lies too deep for a socket", async () => {
    const deep = join(dataDir, "d".repeat(100));
    const standalone = await start({ DATA_DIR: deep });
    const path = readFileSync(join(deep, "ops.socket-path"), "utf8").trim();
    expect(statSync(path).isSocket()).toBe(true);
    expect(await askInstance(deep, "grant", grant("deep"))).toMatchObject({ ok: true });
    await standalone.close();
    expect(existsSync(path)).toBe(false);
  });

  test("a socket left behind by a crash is no reason not to start", async () => {
    const left = await listenAndLeave(join(dataDir, "ops.sock"));
    await start();
    expect(await askInstance(dataDir, "grant", grant("after"))).toMatchObject({ ok: true });
    left.close();
  });
});

describe("a start that cannot be", () => {
  test("a second instance over one database is told who is in the way", async () => {
    await start();
    expect(await endingOf({})).toMatch(/^Another process owns file:.*stop it first/);
  });

  test("a port in use is told, and leaves nothing locked behind", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(await endingOf({ PORT: String(port) })).toMatch(
      new RegExp(`^Port ${port} on 127.0.0.1 is in use: .*set PORT`),
    );
    await new Promise((resolve) => server.close(resolve));
    await start();
  });

  test("a DATA_DIR that cannot be a folder, and a file that is no database, are told", async () => {
    const file = join(dataDir, "file");
    writeFileSync(file, "x".repeat(8_192));
    expect(await endingOf({ DATA_DIR: file })).toMatch(/^DATA_DIR .* cannot be written/);
    expect(await endingOf({ DATABASE_URL: `file:${file}` })).toMatch(/not a database/);
  });
});

// What remains of a server that was killed: the file is there and nobody answers.
async function listenAndLeave(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.tmp`, resolve));
  renameSync(`${path}.tmp`, path);
  await new Promise((resolve) => server.close(resolve));
  return server;
}
