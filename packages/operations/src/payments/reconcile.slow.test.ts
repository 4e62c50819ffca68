/** Comparing with the gateway, over the real database and a local Stripe: what it answers, and what it leaves alone. */
import { listAlerts } from "@scanmeter/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aCustomer, type Customer, got } from "../testing/customer.ts";
import { openShop, type Shop } from "../testing/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

async function bought(name: string) {
  const customer = await aCustomer(shop, name);
  const { topUp } = got(await customer.pay(await customer.open(10)));
  await shop.deliver();
  await shop.buying.reconcile();
  return { customer, paymentIntentId: topUp?.topUp.paymentIntentId ?? "" };
}

const overwrite = (id: string, fields: object) => shop.stripe.control(`/objects/${id}`, { fields });

const alertsOf = async ({ account }: Customer) =>
  (await listAlerts(shop.operations.database)).filter(({ accountId }) => accountId === account.id);

test("finds nothing new where everything was told", async () => {
  await bought("calm");
  const [events, payments] = await shop.buying.reconcile();
  expect(events).toMatchObject({ name: "events", isComplete: true, found: 0 });
  expect(payments).toMatchObject({ name: "payments", isComplete: true, found: 0 });
  expect(events?.looked).toBeGreaterThan(0);
  expect(payments?.looked).toBe(1);
});

test("counts what nobody had told, and it is made up for", async () => {
  const { customer, paymentIntentId } = await bought("refunded elsewhere");
  const response = await fetch(`${shop.stripe.url}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
    body: new URLSearchParams({ payment_intent: paymentIntentId }),
  });
  expect(response.status).toBe(200);
  const [events, payments] = await shop.buying.reconcile();
  expect(events?.found).toBeGreaterThan(0);
  expect(payments?.found).toBe(1);
  expect(await shop.available(customer.account.id)).toBe(0);
  const [, again] = await shop.buying.reconcile();
  expect(again?.found).toBe(0);
});

// A refund lowers nothing of this; only a fault, or somebody's hand, makes it differ.
test.each([
  ["status", "credited_unpaid", { status: "canceled" }],
  ["amount received", "credited_differently", { amount_received: 1 }],
  ["customer", "credited_differently", { customer: "cus_of_somebody_else" }],
  ["purchase", "credited_differently", { metadata: {} }],
])(
  "a credited payment with another %s is told once per look, and its credits stay",
  async (what, kind, fields) => {
    const { customer, paymentIntentId } = await bought(`differs in its ${what}`);
    await overwrite(paymentIntentId, fields);
    for (const times of [1, 2]) {
      const [, payments] = await shop.buying.reconcile();
      expect(payments?.found).toBeGreaterThan(0);
      expect(await alertsOf(customer)).toMatchObject([
        { kind, times, text: expect.stringContaining(paymentIntentId) },
      ]);
    }
    expect(await shop.available(customer.account.id)).toBe(10);
  },
);

test("is not complete, and due again, when the gateway stops answering on the way", async () => {
  await bought("interrupted");
  const unanswered = { method: "GET", kind: "error_429", times: 0 };
  await shop.stripe.control("/faults", { ...unanswered, path: "/v1/events" });
  await shop.stripe.control("/faults", { ...unanswered, path: "/v1/payment_intents/*" });
  const compared = await shop.buying.reconcile();
  expect(compared.map(({ isComplete }) => isComplete)).toEqual([false, false]);
  await fetch(`${shop.stripe.url}/_control/faults`, { method: "DELETE" });
  expect((await shop.buying.reconcile()).every(({ isComplete }) => isComplete)).toBe(true);
});
