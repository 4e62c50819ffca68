/**
 * A payment gateway that kept everything back and now delivers it all at once: each event ten times, in
 * no order, some late, with forgeries in between. The bench of the same name does ten times as much.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase, openForReading } from "@scanmeter/db";
import { countPurchases } from "@scanmeter/operations/testing/count-purchases";
import { makeUnheardPayments } from "@scanmeter/operations/testing/unheard-payments";
import {
  listEvents,
  planDeliveries,
  signDelivery,
  type WebhookDelivery,
} from "@scanmeter/operations/testing/webhook-deliveries";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type LocalStripeProcess,
  STAND_IN_KEY,
  startLocalStripe,
} from "../../../scripts/local-stripe.mjs";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { Dice, seedFor } from "./support/dice.ts";
import { buildProduct, runOps, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

const EVENTS = 1_000;
const TIMES = 10;
const FORGED = 100;
const CREDITS = 10;
const AT_ONCE = 32;
/** A busy machine has other things to do as well. */
const SETTLED_WITHIN_MS = 120_000;

const local = fileURLToPath(
  new URL("../../../packages/sandbox/dist/local-stripe.js", import.meta.url),
);

let dir: string;
let redis: PrivateRedis;
let localStripe: LocalStripeProcess;
let books: Database;

beforeAll(async () => {
  await buildProduct("standalone", "local-stripe");
  dir = mkdtempSync(join(tmpdir(), "webhooks-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  localStripe = await startLocalStripe({ program: local, dir: join(dir, "stripe") });
});

afterAll(async () => {
  books?.close();
  await endPrograms();
  await localStripe?.stop();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** How many were answered with each status. */
async function deliver(
  url: string,
  deliveries: readonly WebhookDelivery[],
): Promise<Record<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses: Record<number, number> = {};
  const left = deliveries.values();
  const deliverSome = async () => {
    for (const delivery of left) {
      const status = await post(url, delivery, agent);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, deliverSome));
  agent.destroy();
  return statuses;
}

/** By hand, because `fetch` would cost the machine more than the product does. */
function post(url: string, delivery: WebhookDelivery, agent: Agent): Promise<number> {
  const secret = localStripe.webhookSecret;
  const { body, signature } = signDelivery(delivery, { secret, at: Date.now() });
  const headers = { "content-length": body.length, "stripe-signature": signature };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, agent }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject).end(body);
  });
}

test("ten thousand deliveries of a thousand events grant a thousand purchases once, and no forgery leaves a trace", async () => {
  const stripe = { url: localStripe.url, secretKey: STAND_IN_KEY };
  const dataDir = join(dir, "data");
  mkdirSync(dataDir, { mode: 0o700 });
  const databaseUrl = `file:${join(dataDir, "scanmeter.db")}`;
  // Before the product runs: a file has one owner.
  const prepared = await openDatabase({ url: databaseUrl });
  await makeUnheardPayments(prepared, { count: EVENTS, quantity: CREDITS, stripe });
  prepared.close();

  const env = {
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_BASE: stripe.url,
    STRIPE_WEBHOOK_SECRET: localStripe.webhookSecret,
  };
  const { url } = await startProduct({ dataDir, redisUrl: redis.url, env });
  books = await openForReading({ url: databaseUrl });

  const dice = new Dice(seedFor(process.env.SEED));
  console.log(`Repeat with SEED=${dice.seed}`);
  const events = await listEvents(stripe, "payment_intent.succeeded");
  expect(events).toHaveLength(EVENTS);
  const plan = { times: TIMES, forged: FORGED, random: () => dice.next() };
  const { deliveries, afterwards } = planDeliveries(events, plan);
  const endpoint = `${url}/webhooks/stripe`;
  expect(await deliver(endpoint, deliveries)).toEqual({
    200: EVENTS * TIMES - afterwards.length,
    400: FORGED,
  });

  const handled = async () => (await countPurchases(books)).handled;
  await expect.poll(handled, { timeout: SETTLED_WITHIN_MS, interval: 250 }).toBe(EVENTS);
  expect(await deliver(endpoint, afterwards)).toEqual({ 200: afterwards.length });

  expect(await countPurchases(books)).toEqual({
    purchases: EVENTS,
    paid: EVENTS,
    grants: EVENTS,
    granted: EVENTS,
    credits: EVENTS * CREDITS,
    balances: EVENTS * CREDITS,
    invoices: EVENTS,
    invoiced: EVENTS,
    mails: EVENTS,
    events: EVENTS,
    handled: EVENTS,
    forged: 0,
    alerts: 0,
  });
  const audited = await runOps(dataDir, "audit");
  expect(audited, audited.output + audited.errors).toMatchObject({ code: 0 });
});
