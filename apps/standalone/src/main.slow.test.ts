import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));
const ops = fileURLToPath(new URL("./ops.ts", import.meta.url));

let dir: string;
let redis: PrivateRedis;
let dataDir: string;
let children: ChildProcess[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "main-redis-"));
  redis = await startRedis({ dir });
});

afterAll(async () => {
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "main-"));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(dataDir, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  /** Settles at the first line of output that matches. */
  says(pattern: RegExp): Promise<string>;
  readonly ended: Promise<{
    code: number | null;
    signal: string | null;
    output: string;
    errors: string;
  }>;
}

function run(file: string, args: string[] = [], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: "0", REDIS_URL: redis.url, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  let output = "";
  let errors = "";
  const waiting: (() => void)[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    output += text;
    for (const look of waiting) look();
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  // Not "close": it never comes to a parent that hung up the channel itself.
  const streamEnds = [child.stdout, child.stderr].map((stream) => finished(stream as Readable));
  const ended: Run["ended"] = Promise.all([once(child, "exit"), ...streamEnds]).then(([end]) => {
    const [code, signal] = end as [number | null, string | null];
    return { code, signal, output, errors };
  });
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = output.split("\n").find((one) => pattern.test(one));
          if (line !== undefined) resolve(line);
        };
        waiting.push(look);
        look();
        void ended.then((end) => reject(new Error(`It ended first: ${end.errors}${end.output}`)));
      }),
  };
}

const READY = /^Scanmeter is ready on http:\/\/localhost:\d+$/;

test("it says where it is, takes an operator's grant, and ends in order with 0 when told to stop", async () => {
  const app = run(program);
  await app.says(READY);
  expect(await app.says(/^Sign in/)).toBe(
    "Sign in as demo@scanmeter.test with the password demo-scanmeter",
  );
  const args = ["grant", "--account", "demo@scanmeter.test", "--credits", "3", "--json"];
  const granted = await run(ops, args).ended;
  expect(granted).toMatchObject({ code: 0, errors: "" });
  expect(JSON.parse(granted.output)).toMatchObject({ ok: true, result: { version: 3 } });

  app.child.kill("SIGTERM");
  expect(await app.ended).toMatchObject({ code: 0, signal: null, errors: "" });

  const alone = await run(ops, args).ended;
  expect(JSON.parse(alone.output)).toMatchObject({ ok: true, result: { version: 4 } });
});

test("it ends in order when whoever started it is gone without a word", async () => {
  const app = run(program);
  await app.says(READY);
  app.child.disconnect();
  expect(await app.ended).toMatchObject({ code: 0, signal: null });
});

test("a signal while it is still starting ends it in order too", async () => {
  const app = run(program, [], { LOG_LEVEL: "debug" });
  await app.says(/sign-up\/email/);
  app.child.kill("SIGINT");
  const { code, output } = await app.ended;
  expect(code).toBe(0);
  expect(output).toContain('"msg":"Stopped"');
});

test("after being killed outright it starts again over the same data", async () => {
  const first = run(program);
  await first.says(READY);
  first.child.kill("SIGKILL");
  await first.ended;
  const second = run(program);
  await second.says(READY);
  second.child.kill("SIGTERM");
  const { code, output } = await second.ended;
  expect(code).toBe(0);
  expect(output).not.toContain("Runner key");
});

test("what keeps it from starting is one message without a stack, and a code that is not 0", async () => {
  const badEnvironment = await run(program, [], { PORT: "many", LOG_LEVEL: "loud" }).ended;
  expect(badEnvironment.code).toBe(2);
  expect(badEnvironment.errors.trim().split("\n")).toHaveLength(3);

  const app = run(program);
  await app.says(READY);
  const second = await run(program).ended;
  expect(second.code).toBe(1);
  expect(second.errors).toMatch(/^Another process owns .*\n$/);
});

test("a mistake on the operator's command line is one sentence and ends with 2", async () => {
  const bad = await run(ops, ["grant", "--account", "a", "--credits", "1.5"]).ended;
  expect(bad).toMatchObject({ code: 2, output: "" });
  expect(bad.errors).toBe("--credits must be a whole number from 1 to 1000000.\n");
  const nowhere = await run(ops, ["grant", "--account", "a", "--credits", "1"]).ended;
  expect(nowhere.code).toBe(1);
  expect(nowhere.errors).toMatch(/^There is no database at .*\n$/);
});
