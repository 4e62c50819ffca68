import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScanView } from "@scanmeter/contracts/scans";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { askInstance } from "../src/ops/socket.ts";
import { accepted, mutate } from "./support/call.ts";
import { advanceTowardsNextHour } from "./support/clock-steps.ts";
import { type Customer, overviewOf, signUpCustomer } from "./support/customer.ts";
import {
  buildProduct,
  launchProduct,
  type Product,
  type ProductOptions,
  runOps,
  startProduct,
} from "./support/product.ts";
import { endPrograms } from "./support/program.ts";
import { holdWriteLock } from "./support/write-lock.ts";

let dir: string;
let dataDir: string;
let redis: PrivateRedis;

beforeAll(async () => {
  await buildProduct("standalone");
});

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "bad-conditions-"));
  dataDir = join(dir, "data");
  redis = await startRedis({ dir: join(dir, "redis") });
});

afterEach(async () => {
  await endPrograms();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

const options = (more: Partial<ProductOptions> = {}): ProductOptions => ({
  dataDir,
  redisUrl: redis.url,
  ...more,
});

async function readyz({ url }: Product) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

async function customerWith(product: Product, credits: number): Promise<Customer> {
  const customer = await signUpCustomer(product.url, "customer");
  const account = customer.accountId;
  const grant = { account, credits, kind: "paid", key: "first" };
  expect(await askInstance(dataDir, "grant", grant)).toMatchObject({ ok: true });
  return customer;
}

function startScan({ runner, targetId }: Customer, idempotencyKey: string) {
  return mutate<ScanView>(runner, "runner.startScan", { targetId, idempotencyKey });
}

/** What a page would show, asked without telling the meter anything. */
async function hoursOf({ person }: Customer, scanId: string): Promise<number | undefined> {
  const { runningScans } = await overviewOf(person);
  return runningScans.find((scan) => scan.scanId === scanId)?.creditsDebited;
}

async function rescued({ url }: Product): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^sweep_rescued_total (\d+)$/m.exec(metrics)?.[1]);
}

describe("Redis", () => {
  test("when it is missing, scans are metered all the same; when it comes, it is taken up", async () => {
    await redis.stop();
    const product = await startProduct(options());
    await product.program.says(/Redis at redis:\/\/127.0.0.1:\d+ does not answer/);
    expect(await readyz(product)).toEqual({
      status: 503,
      body: {
        status: "not ready",
        database: true,
        queue: false,
        reason: "The queue does not answer.",
      },
    });
    const customer = await customerWith(product, 10);
    const { scanId } = await accepted(startScan(customer, "scan"));
    await advanceTowardsNextHour(customer.runner, { scanId, secondsBefore: 2 });
    await expect.poll(() => hoursOf(customer, scanId), { timeout: 60_000 }).toBe(2);
    const rescuedWithout = await rescued(product);
    expect(rescuedWithout).toBeGreaterThan(0);

    redis = await startRedis({ dir: join(dir, "redis"), port: redis.port });
    await expect.poll(async () => (await readyz(product)).status, { timeout: 30_000 }).toBe(200);
    await advanceTowardsNextHour(customer.runner, { scanId, secondsBefore: 2 });
    await expect.poll(() => hoursOf(customer, scanId), { timeout: 30_000 }).toBe(3);
    expect(await rescued(product)).toBe(rescuedWithout);
  });

  test("when it is full, that is said with what to do, and nothing that matters needs it", async () => {
    const product = await startProduct(options());
    const customer = await customerWith(product, 10);
    const control = new Redis(redis.url);
    await control.config("SET", "maxmemory", "1");
    // Whatever is written next meets it, whether or not anybody looks.
    const { scanId } = await accepted(startScan(customer, "scan"));
    await product.program.says(
      /Redis at redis:\/\/127.0.0.1:\d+ is full: give it more memory \(maxmemory\) or make room/,
    );
    expect(await readyz(product)).toMatchObject({ status: 503, body: { queue: false } });
    await advanceTowardsNextHour(customer.runner, { scanId, secondsBefore: 2 });
    await expect.poll(() => hoursOf(customer, scanId), { timeout: 60_000 }).toBe(2);

    await control.config("SET", "maxmemory", "0");
    control.disconnect();
    await expect.poll(async () => (await readyz(product)).status, { timeout: 30_000 }).toBe(200);
  });
});

describe("the database", () => {
  test("locked by another program keeps it from starting, with a sentence, and harms nothing", async () => {
    const first = await startProduct(options());
    const customer = await customerWith(first, 7);
    await first.program.stop();
    const lock = await holdWriteLock(join(dataDir, "scanmeter.db"));
    expect(await launchProduct(options()).ended).toMatchObject({
      code: 1,
      errors: "The database is locked by another program; close it and try again.\n",
    });
    await lock.release();
    const { url } = await startProduct(options());
    const { balance } = await overviewOf({ ...customer.person, url });
    expect(balance.available).toBe(7);
  });

  test("locked while it runs delays commands, then refuses them; the page and the checks go on", async () => {
    const product = await startProduct(options());
    const customer = await customerWith(product, 7);
    const lock = await holdWriteLock(join(dataDir, "scanmeter.db"));
    const refused = startScan(customer, "scan");
    let isAnswered = false;
    void refused.finally(() => {
      isAnswered = true;
    });
    let slowestMs = 0;
    while (!isAnswered) {
      const askedAt = performance.now();
      expect((await overviewOf(customer.person)).balance.available).toBe(7);
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    }
    expect(slowestMs).toBeLessThan(1_000);
    expect(await refused).toMatchObject({
      status: 503,
      error: { message: "The service cannot answer right now. Try again soon." },
    });
    await lock.release();
    expect(await startScan(customer, "scan")).toMatchObject({ status: 200 });
    expect((await overviewOf(customer.person)).balance.available).toBe(6);
    expect(await runOps(dataDir, "audit")).toMatchObject({ code: 0 });
  });

  test("on a full disk it refuses what it cannot keep, and has kept what it did not refuse", async () => {
    const product = await startProduct(options({ fileKibMax: 1_500 }));
    const customer = await customerWith(product, 100_000);
    const kept: string[] = [];
    let refusedKey = "";
    for (let count = 1; refusedKey === ""; count++) {
      const key = `scan-${count}`;
      expect(count, "the limit is reached").toBeLessThan(1_000);
      const answer = await startScan(customer, key);
      if (answer.ok) {
        kept.push(answer.data.scanId);
        const { scanId } = answer.data;
        await mutate(customer.runner, "runner.finishScan", { scanId, outcome: "completed" });
      } else {
        expect(answer.status).toBe(503);
        refusedKey = key;
      }
    }
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
    expect((await overviewOf(customer.person)).balance.available).toBe(100_000 - kept.length);
    expect(await product.program.stop()).toMatchObject({ signal: null, errors: "" });

    const { url } = await startProduct(options());
    const there = { ...customer, runner: { ...customer.runner, url } };
    expect((await overviewOf({ ...customer.person, url })).balance.available).toBe(
      100_000 - kept.length,
    );
    for (const scanId of kept) {
      const heard = await mutate(there.runner, "runner.heartbeat", { scanId });
      expect(heard).toMatchObject({ error: { data: { refusal: { code: "scan_already_ended" } } } });
    }
    expect(await startScan(there, refusedKey)).toMatchObject({ status: 200 });
    expect(await runOps(dataDir, "audit")).toMatchObject({ code: 0 });
  });

  test("that may only be read is told with what to check", async () => {
    const first = await startProduct(options());
    await first.program.stop();
    const path = join(dataDir, "scanmeter.db");
    chmodSync(path, 0o444);
    expect(await launchProduct(options({ isBound: true })).ended).toMatchObject({
      code: 1,
      errors: "The database cannot be written; check the permissions of its file and folder.\n",
    });
  });
});

describe("a start that cannot be", () => {
  async function endingOf(more: Partial<ProductOptions>) {
    const { code, errors } = await launchProduct(options(more)).ended;
    return { code, errors };
  }

  test("on a port that is in use names the port and how to take another", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(await endingOf({ port })).toEqual({
      code: 1,
      errors: `Port ${port} on 127.0.0.1 is in use: stop what listens there, or set PORT to another one (0 takes any that is free).\n`,
    });
    await new Promise((resolve) => server.close(resolve));
    await startProduct(options({ port }));
  });

  test("because Redis wants a password names Redis, and never shows the wrong one", async () => {
    const control = new Redis(redis.url);
    await control.config("SET", "requirepass", "quite-right");
    control.disconnect();
    const redisUrl = redis.url.replace("redis://", "redis://:nearly-right@");
    const { code, output, errors } = await launchProduct(options({ redisUrl })).ended;
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^Redis at redis:\/\/127.0.0.1:\d+ refuses .*: check the user and password in REDIS_URL\.\n$/,
    );
    expect(output + errors).not.toContain("nearly-right");
  });

  test("in a folder that may not be written names DATA_DIR", async () => {
    mkdirSync(dataDir, { mode: 0o555 });
    const { code, errors } = await endingOf({ isBound: true });
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^DATA_DIR .* cannot be written .*: choose another folder or change its owner\.\n$/,
    );
  });

  test("over a file that is something else leaves the file as it is", async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "scanmeter.db"), "a diary, not a database ".repeat(1_000));
    expect(await endingOf({})).toEqual({
      code: 1,
      errors: "The file is not a database; check DATABASE_URL or restore it from a backup.\n",
    });
  });

  test.each([
    [{ PORT: "70000", HOST: "no host" }, ["HOST", "PORT"]],
    [
      { STRIPE_SECRET_KEY: "sk" },
      ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET", "AUTH_SECRET"],
    ],
    [{ DATABASE_URL: "postgres://x", AUTH_SECRET: "short" }, ["DATABASE_URL", "AUTH_SECRET"]],
  ])("with %j names each variable, with code 2", async (env, named) => {
    const { code, errors } = await endingOf({ env });
    expect(code).toBe(2);
    const [title, ...problems] = errors.trimEnd().split("\n");
    expect(title).toBe("The environment is not usable:");
    expect(problems.map((line) => line.split(" ")[3])).toEqual(named);
  });

  test.each([["nowhere.invalid"], ["192.0.2.1"]])(
    "on the foreign host %s names HOST",
    async (HOST) => {
      const { code, errors } = await endingOf({ env: { HOST } });
      expect(code).toBe(1);
      expect(errors).toMatch(new RegExp(`^HOST ${HOST} .*: set it to .*\\n$`));
    },
  );
});

afterAll(endPrograms);
