import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScanView } from "@scanmeter/contracts/scans";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { askInstance } from "../src/ops/socket.ts";
import { type Answer, accepted, mutate } from "./support/call.ts";
import { type Customer, overviewOf, signUpCustomer } from "./support/customer.ts";
import { buildProduct, type Product, runOps, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

const CALLERS = 200;
const ROUNDS = 20;

let dir: string;
let redis: PrivateRedis;
let product: Product;
let customer: Customer;

beforeAll(async () => {
  await buildProduct("standalone");
  dir = mkdtempSync(join(tmpdir(), "race-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  product = await startProduct({ dataDir: join(dir, "data"), redisUrl: redis.url });
  customer = await signUpCustomer(product.url, "racer");
});

afterAll(async () => {
  await endPrograms();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function grant(credits: number, key: string) {
  return askInstance(product.dataDir, "grant", {
    account: customer.accountId,
    credits,
    kind: "paid",
    key,
  });
}

/** All of them on their way before the first is answered. */
function startAtOnce(keyOf: (caller: number) => string): Promise<Answer<ScanView>[]> {
  const { runner, targetId } = customer;
  return Promise.all(
    Array.from({ length: CALLERS }, (_, caller) =>
      mutate<ScanView>(runner, "runner.startScan", { targetId, idempotencyKey: keyOf(caller) }),
    ),
  );
}

function finish(scanId: string): Promise<ScanView> {
  const outcome = "completed";
  return accepted(mutate(customer.runner, "runner.finishScan", { scanId, outcome }));
}

const available = async () => (await overviewOf(customer.person)).balance.available;

test("of 200 callers who start a scan with one credit left, exactly one gets it", async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    expect(await grant(1, `round-${round}`)).toMatchObject({ ok: true });
    const answers = await startAtOnce((caller) => `round-${round}-caller-${caller}`);
    const winners = answers.flatMap((answer) => (answer.ok ? [answer.data] : []));
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer]));

    expect(winners).toHaveLength(1);
    expect(winners[0]).toMatchObject({ state: "running", creditsDebited: 1 });
    expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([402]));
    expect(new Set(refusals.map(({ error }) => error.data.refusal?.code))).toEqual(
      new Set(["insufficient_credits"]),
    );
    expect(await available()).toBe(0);
    await finish(winners[0]?.scanId ?? "");
  }
  expect(await runOps(product.dataDir, "audit")).toMatchObject({ code: 0 });
});

test("200 callers with one idempotency key get one scan, for one credit", async () => {
  expect(await grant(3, "one-key")).toMatchObject({ ok: true });
  const answers = await startAtOnce(() => "the-same-key");
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const scans = answers.flatMap((answer) => (answer.ok ? [answer.data.scanId] : []));
  expect(new Set(scans).size).toBe(1);
  expect(await available()).toBe(2);
  expect(await finish(scans[0] ?? "")).toMatchObject({ creditsDebited: 1 });
  expect(await available()).toBe(2);
});
