/** The sandbox with the local Stripe that `npm start` brings along, and the modes without one. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckoutView, PaymentMethodView, PricesView } from "@scanmeter/contracts/checkout";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { accepted, mutate, query } from "./support/call.ts";
import { overviewOf, signUpCustomer } from "./support/customer.ts";
import {
  childrenOf,
  freePort,
  isThere,
  launch,
  launcher,
  signInDemo,
  stopLaunched,
} from "./support/launched.ts";
import { buildProduct, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

const REAL = {
  STRIPE_SECRET_KEY: "sk_live_0123456789",
  STRIPE_PUBLISHABLE_KEY: "pk_live_0123456789",
  STRIPE_WEBHOOK_SECRET: "whsec_0123456789",
};

let dir: string;
let dataDir: string;
let redis: PrivateRedis | null;

beforeAll(() => buildProduct("web", "standalone", "local-stripe"));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "with-stripe-"));
  dataDir = join(dir, "data");
  redis = null;
});

afterEach(async () => {
  await stopLaunched();
  await endPrograms();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The local Stripe's answer, as any client of it gets it. */
async function atStripe<Answer>(stripeUrl: string | null, path: string): Promise<Answer> {
  const headers = { authorization: "Bearer sk_test_standin_look" };
  return (await (await fetch(`${stripeUrl}${path}`, { headers })).json()) as Answer;
}

interface Listed<One> {
  readonly data: readonly One[];
}

const endpointsOf = async (stripeUrl: string | null) =>
  (await atStripe<Listed<{ url: string }>>(stripeUrl, "/v1/webhook_endpoints")).data.map(
    ({ url }) => url,
  );
const webhookUrlOf = (url: string) => `${url}/webhooks/stripe`;

describe("a sandbox that was launched", () => {
  test("has a local Stripe that knows where it listens, a saved card and a page about both", async () => {
    const { url, stripeUrl, demo } = await launch({ DATA_DIR: dataDir });
    expect(stripeUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await endpointsOf(stripeUrl)).toEqual([webhookUrlOf(url)]);
    const saved = await accepted(query<PaymentMethodView[]>(demo, "paymentMethods.list"));
    expect(saved).toMatchObject([{ brand: "visa", last4: "4242", isDefault: true }]);
    const added = await accepted(
      mutate<PaymentMethodView>(demo, "sandbox.addTestCard", { card: "pm_card_mastercard" }),
    );
    expect(added).toMatchObject({ brand: "mastercard", isDefault: true });
    const refused = await mutate(demo, "sandbox.addTestCard", {
      card: "pm_card_visa_chargeDeclined",
    });
    expect(refused).toMatchObject({
      error: { data: { refusal: { code: "card_not_saved" } } },
    });

    expect(await (await fetch(`${url}/sandbox/stripe`)).text()).toContain(stripeUrl);
    const led = await fetch(`${url}/sandbox/stripe/pay/cs_unknown?answered`, {
      redirect: "manual",
    });
    expect(led.headers.get("location")).toBe(`${stripeUrl}/pay/cs_unknown?answered`);
  });

  test("moves the local Stripe's clock with its own, and has heard everything when it stands", async () => {
    const { url, stripeUrl, demo } = await launch({ DATA_DIR: dataDir });
    await accepted(mutate(demo, "sandbox.addTestCard", { card: "pm_card_visa" }));
    const { now } = await accepted(
      mutate<{ now: string }>({ url, headers: {} }, "sandbox.advance", { by: { days: 40 } }),
    );
    const there = await atStripe<{ now: number }>(stripeUrl, "/_control/clock");
    expect(there.now).toBeGreaterThanOrEqual(Date.parse(now));
    expect(there.now - Date.parse(now)).toBeLessThan(10_000);
    const told = await atStripe<{ state: string }[]>(stripeUrl, "/_control/deliveries");
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ state }) => state))).toEqual(new Set(["delivered"]));
  });

  test("finishes an order whose local Stripe was killed before it was paid", async () => {
    const { program, stripeUrl, demo } = await launch({ DATA_DIR: dataDir });
    const [card] = await accepted(query<PaymentMethodView[]>(demo, "paymentMethods.list"));
    const order = { quantity: 10, idempotencyKey: "the-order" };
    const { id: checkoutId } = await accepted(mutate<CheckoutView>(demo, "checkout.open", order));
    const ordered = await accepted(
      mutate<CheckoutView>(demo, "checkout.setPayment", { checkoutId, paymentMethodId: card?.id }),
    );
    expect(ordered).toMatchObject({ step: "confirmation", billing: { company: "Demo Ltd" } });
    const [pid = 0] = childrenOf(program.pid, /local-stripe/);
    process.kill(pid, "SIGKILL");
    await program.says(/The local Stripe ended unexpectedly/);
    await expect.poll(() => isThere(`${stripeUrl}/_control`), { timeout: 10_000 }).toBe(true);

    const expectedTotalMinor = ordered.quote.totalMinor;
    await accepted(mutate(demo, "checkout.finalize", { checkoutId, expectedTotalMinor }));
    await expect
      .poll(() => accepted(query<CheckoutView>(demo, "checkout.get", { checkoutId })))
      .toMatchObject({ status: "complete" });
    expect((await overviewOf(demo)).balance.paid).toBe(60);
    expect(await atStripe(stripeUrl, "/_control/summary")).toMatchObject({
      paymentIntentsChargedTwice: [],
    });
  });

  test("finds its local Stripe again after a restart, and is found by it on another port", async () => {
    const first = await launch({ DATA_DIR: dataDir });
    const before = await accepted(query<PaymentMethodView[]>(first.demo, "paymentMethods.list"));
    await first.program.stop();
    const second = await launch({ DATA_DIR: dataDir });
    expect(second.stripeUrl).toBe(first.stripeUrl);
    expect(await endpointsOf(second.stripeUrl)).toEqual([webhookUrlOf(second.url)]);
    const after = await accepted(query<PaymentMethodView[]>(second.demo, "paymentMethods.list"));
    expect(after).toEqual(before);
    const path = `/v1/payment_methods/${before[0]?.id}`;
    expect(await atStripe(second.stripeUrl, path)).toMatchObject({ id: before[0]?.id });
  });

  test("leaves neither product nor local Stripe behind when its launcher is killed", async () => {
    const { url, program, stripeUrl } = await launch({ DATA_DIR: dataDir });
    await program.kill();
    await expect.poll(() => isThere(`${url}/healthz`), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => isThere(`${stripeUrl}/`), { timeout: 10_000 }).toBe(false);
    // The Redis that was left is ended by the next one that starts there.
    redis = await startRedis({ dir: join(dataDir, "redis") });
  });
});

describe("without a local Stripe", () => {
  test("a sandbox says that nothing can be bought in it, and works otherwise", async () => {
    redis = await startRedis({ dir: join(dir, "redis") });
    const env = { SANDBOX_SEED: "demo" };
    const { url } = await startProduct({ dataDir, redisUrl: redis.url, env });
    const demo = await signInDemo(url);
    const prices = await accepted(query<PricesView>(demo, "pricing.tiers"));
    expect(prices.isOpen).toBe(false);
    const refused = await mutate(demo, "sandbox.addTestCard", { card: "pm_card_visa" });
    expect(refused).toMatchObject({ error: { data: { refusal: { code: "payments_off" } } } });
    expect(await (await fetch(`${url}/sandbox/stripe`)).text()).toContain("nothing can be bought");
  });

  test("production without keys starts with buying off and nothing of the sandbox", async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const env = { DATA_DIR: dataDir, NODE_ENV: "production", PORT: String(port) };
    const bare = await launcher(env).ended;
    expect(bare).toMatchObject({ code: 2 });
    expect(bare.errors).toContain("AUTH_SECRET is missing");

    const program = launcher({ ...env, AUTH_SECRET: "x".repeat(32), PUBLIC_URL: url });
    await program.says(/^Scanmeter is ready on /, 60_000);
    expect(existsSync(join(dataDir, "stripe"))).toBe(false);
    const { person } = await signUpCustomer(url, "ada");
    const prices = await accepted(query<PricesView>(person, "pricing.tiers"));
    expect(prices.isOpen).toBe(false);
    for (const path of ["sandbox.info", "sandbox.clock"])
      expect(await query(person, path)).toMatchObject({ error: { data: { code: "NOT_FOUND" } } });
    for (const path of ["/sandbox/stripe", "/sandbox/mailbox"])
      expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  test("a live key is never sent to another host: it does not start, and does not repeat the key", async () => {
    const { code, errors, output } = await launcher({
      DATA_DIR: dataDir,
      ...REAL,
      STRIPE_API_BASE: "http://127.0.0.1:12111",
      AUTH_SECRET: "x".repeat(32),
      PUBLIC_URL: "https://scanmeter.example",
    }).ended;
    expect(code).toBe(2);
    expect(errors).toContain("STRIPE_API_BASE is set although STRIPE_SECRET_KEY is a real key");
    expect(errors + output).not.toContain("0123456789");
  });
});
