/** What an operator puts right, copies, restores and verifies, as it is typed, on real processes. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { type Customer, overviewOf, signUpCustomer } from "./support/customer.ts";
import { buildProduct, type Product, runOps, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

let dir: string;
let redis: PrivateRedis;
let dataDir: string;
let product: Product;
let customer: Customer;

beforeAll(async () => {
  await buildProduct("web", "standalone");
  dir = mkdtempSync(join(tmpdir(), "operator-redis-"));
  redis = await startRedis({ dir });
});
afterAll(async () => {
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "operator-"));
  await start();
  customer = await signUpCustomer(product.url, "ada");
});
afterEach(async () => {
  await endPrograms();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  product = await startProduct({ dataDir, redisUrl: redis.url });
}

/** Its exit code, and what it said where it speaks. */
async function ops(...args: readonly string[]): Promise<[number | null, string]> {
  const { code, output, errors } = await runOps(dataDir, ...args);
  return [code, (output + errors).trim()];
}
const adjust = (credits: number, ...more: string[]) =>
  ops("adjust", "--account", customer.email, "--credits", String(credits), ...more);
const balance = async () => (await overviewOf(customer.person)).balance;
const isSound = async () => expect((await ops("audit"))[0]).toBe(0);

test("an adjustment adds free credits and takes no more than there are, once for a key, beside an instance and without", async () => {
  const because = ["--reason", "two charges"];
  for (const _ of ["once", "again"]) {
    expect(await adjust(5, ...because, "--key", "k")).toEqual([
      0,
      expect.stringMatching(/^Added 5 free credits to .*; version 1\.$/),
    ]);
  }
  expect(await balance()).toMatchObject({ available: 5, free: 5, paid: 0 });
  expect(await adjust(-2, ...because)).toEqual([0, expect.stringMatching(/^Took 2 credits from /)]);
  expect(await adjust(-4, ...because)).toEqual([
    1,
    expect.stringMatching(/has only 3 credits to take, so none were taken\.$/),
  ]);
  expect((await adjust(4, ...because, "--key", "k"))[1]).toMatch(/choose a new one/);
  expect(await balance()).toMatchObject({ available: 3, debt: 0 });
  await product.program.stop();
  expect((await adjust(-3, ...because))[0]).toBe(0);
  await isSound();
});

test("a copy is made while the product runs and goes on, and restored only once it has stopped", async () => {
  await adjust(5, "--reason", "before the copy");
  const file = join(dataDir, "copy.db");
  const copied = await runOps(dataDir, "backup", file, "--json");
  expect(copied.code).toBe(0);
  expect(JSON.parse(copied.output)).toMatchObject({ ok: true, file, accounts: 1, postings: 1 });
  expect(await ops("backup", file)).toEqual([1, `${file} is there already; choose another name.`]);
  expect(await ops("backup", join(dataDir, "no", "such.db"))).toEqual([
    1,
    expect.stringMatching(/^It could not be done: ENOENT/),
  ]);
  await adjust(7, "--reason", "after the copy");
  expect(await balance()).toMatchObject({ available: 12 });

  expect(await ops("restore", file)).toEqual([
    1,
    expect.stringMatching(/^Another process owns .*; stop it first/),
  ]);
  expect(await balance()).toMatchObject({ available: 12 });
  await product.program.stop();
  expect(await ops("restore", file)).toEqual([
    0,
    expect.stringMatching(/^Restored 1 account with 1 posting, the newest of 20/),
  ]);
  await isSound();
  const replaced = readdirSync(dataDir).find((name) => name.includes(".replaced-")) ?? "";
  await start();
  customer = { ...customer, person: { ...customer.person, url: product.url } };
  expect(await balance()).toMatchObject({ available: 5 });

  // And back again, to what was there before.
  await product.program.stop();
  expect((await ops("restore", join(dataDir, replaced)))[0]).toBe(0);
  await start();
  customer = { ...customer, person: { ...customer.person, url: product.url } };
  expect(await balance()).toMatchObject({ available: 12 });
});

test("a copy is restored on a machine where nothing was before", async () => {
  await adjust(5, "--reason", "before the copy");
  const file = join(dir, "copy.db");
  await ops("backup", file);
  await product.program.stop();
  rmSync(dataDir, { recursive: true });
  expect(await ops("restore", file)).toEqual([
    0,
    expect.stringContaining("No database was there before."),
  ]);
  expect((await ops("explain", customer.email))[1]).toContain("5 credits in its lots");
});

test("a downloaded ledger is verified without the product, its database or its environment", async () => {
  await adjust(5, "--reason", "one");
  const download = async () => {
    const { url, headers } = customer.person;
    return (await fetch(`${url}/export/ledger.jsonl`, { headers: { ...headers } })).text();
  };
  const file = join(dir, "ledger.jsonl");
  const verify = (...more: string[]) =>
    runOps(join(dir, "nowhere"), "verify-export", file, ...more, "--json");
  writeFileSync(file, await download());
  const first = JSON.parse((await verify()).output);
  expect(first).toMatchObject({ ok: true, postings: 1, balance: 5, accountId: customer.accountId });

  await adjust(-2, "--reason", "=another");
  writeFileSync(file, await download());
  const later = await verify("--hash", first.hash);
  expect(later.code).toBe(0);
  expect(JSON.parse(later.output)).toMatchObject({ postings: 2, balance: 3, foundAt: 1 });

  appendFileSync(file, "{}\n");
  const { code, output } = await verify();
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({ ok: false, broken: { line: 3 }, postings: 2 });
});
