/** Real purchases over the local Stripe, finished by the worker alone because the customer's own answer was lost. */
import { paymentJobNames } from "@scanmeter/contracts/jobs";
import { after, instant } from "@scanmeter/core";
import { listAlerts, listOpenTopUps, type TopUpRow } from "@scanmeter/db";
import type { TestClock } from "@scanmeter/operations";
import { openShop, type Shop } from "@scanmeter/operations/testing/shop";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WorkerOperations } from "./operations.ts";
import { CLOSE_PATIENCE_MS } from "./queue-settings.ts";
import { hold } from "./testing/hold.ts";
import { eventually, openWorkerTrial, type WorkerTrial } from "./testing/worker-trial.ts";
import type { MeteringWorker } from "./worker.ts";

const QUANTITY = 10;

let trial: WorkerTrial;
let shop: Shop;
let delivered: string[];

beforeAll(async () => {
  trial = await openWorkerTrial();
});
afterAll(() => trial.close());

beforeEach(async () => {
  shop = await openShop({ clock: "test" });
  delivered = [];
});
afterEach(async () => {
  await trial.reset();
  await shop.close();
});

const start = (changed: Partial<WorkerOperations> = {}): Promise<MeteringWorker> =>
  trial.start(shop.operations, {
    changed,
    deliver: async ({ key }) => void delivered.push(key),
  });

/** Charged over there, and not a word of it came back: neither an answer nor a reading. */
async function payUnheard(): Promise<TopUpRow> {
  const { stripe, buying } = shop;
  const { account, checkoutId, totalMinor } = await shop.readyToPay("ada", { quantity: QUANTITY });
  const unheard = { kind: "html_502", phase: "after", times: 0 };
  const confirming = { method: "post", path: "/v1/payment_intents/*/confirm" };
  await stripe.control("/faults", { ...confirming, ...unheard });
  await stripe.control("/faults", { method: "get", path: "/v1/payment_intents/*", ...unheard });
  await buying.finalizeCheckout({
    account,
    checkoutId,
    expectedTotalMinor: totalMinor,
    orderedBy: "user_buyer",
  });
  await fetch(`${stripe.url}/_control/faults`, { method: "DELETE" });
  await stripe.control("/idle");
  const [row] = await listOpenTopUps(shop.operations.database, account.id);
  if (row === undefined) throw new Error("Nobody has heard yet that it is paid.");
  return row;
}

async function isPaidOnce({ topUp }: TopUpRow): Promise<void> {
  await eventually(() => shop.state(topUp.id)).toBe("paid");
  expect(await shop.available(topUp.accountId)).toBe(QUANTITY);
  expect(await shop.succeededPayments()).toBe(1);
  expect(await listAlerts(shop.operations.database)).toEqual([]);
  await eventually(() => delivered).toEqual([expect.stringContaining("receipt")]);
  expect(await trial.countOf("payments_sweep_rescued_total")).toBe(0);
}

describe("a purchase whose answer was lost", () => {
  test("is settled once by what the gateway tells, however often the jobs run side by side", async () => {
    await start();
    const bought = await payUnheard();
    const events = shop.stripe.deliveries.flatMap(
      ({ body, signature }) => shop.buying.verifyEvent(body, signature) ?? [],
    );
    expect(events.map(({ type }) => type)).toContain("payment_intent.succeeded");
    await Promise.all(events.map((event) => shop.buying.receiveEvent(event)));
    const again = events.flatMap(({ id: eventId }) =>
      Array.from({ length: 20 }, () => ({ name: paymentJobNames.gatewayEvent, data: { eventId } })),
    );
    await trial.queue.addBulk(again);
    await eventually(() => trial.done(paymentJobNames.gatewayEvent)).toBe(
      again.length + events.length,
    );
    await isPaidOnce(bought);
  });

  test("is settled at its next instant by its own job, although nothing is ever told", async () => {
    const worker = await start();
    const bought = await payUnheard();
    const { nextStepAt } = bought.topUp;
    if (nextStepAt === null) throw new Error("Something is owed to a purchase under way.");
    (shop.operations.testClock as TestClock).jump(after(instant(nextStepAt), -300));
    await worker.rearm();
    await isPaidOnce(bought);
    await eventually(() => trial.done(paymentJobNames.topUpDue)).toBe(1);
  });
});

test("closing waits for a gateway that does not answer, and not for ever", async () => {
  const gateway = hold();
  let asked = 0;
  const { handleEvent, listWakeUps, pursueTopUp } = shop.buying;
  const hang = async () => {
    asked += 1;
    await gateway.promise;
  };
  const sweep = async () => {
    await hang();
    return { rescued: 0, isFull: true };
  };
  const buying = { handleEvent, listWakeUps, pursueTopUp, sweep };
  const worker = await start({ buying });
  await eventually(() => asked).toBe(1);

  const closedAt = performance.now();
  await worker.close();
  const tookMs = performance.now() - closedAt;
  expect(tookMs).toBeGreaterThan(CLOSE_PATIENCE_MS - 1_000);
  expect(tookMs).toBeLessThan(CLOSE_PATIENCE_MS + 3_000);
  // What it was asked last is the end of it: no further batch is begun.
  gateway.release();
  await gateway.promise;
  expect(asked).toBe(1);
});
