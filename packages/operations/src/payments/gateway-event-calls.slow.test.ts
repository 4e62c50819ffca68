/** What the gateway delivers, honestly and spoilt, and what it has in its lists. */
import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type GatewayTrial, got, startGatewayTrial } from "../testing/gateway-trial.ts";

let trial: GatewayTrial;
beforeAll(async () => {
  trial = await startGatewayTrial();
});
afterAll(() => trial?.close());
beforeEach(() => trial.reset());

describe("what the gateway delivers", () => {
  const deliveryOf = async (type: string) => {
    await trial.local.control("/idle");
    const delivery = trial.local.deliveries.find(({ body }) => JSON.parse(body).type === type);
    if (delivery === undefined) throw new Error(`No ${type} arrived.`);
    return delivery;
  };

  test("is verified and leads to the payment and the top-up", async () => {
    const payment = await trial.aPaidPayment();
    const { body, signature } = await deliveryOf("payment_intent.succeeded");
    expect(trial.gateway.verifyEvent(body, signature)).toMatchObject({
      type: "payment_intent.succeeded",
      objectId: payment.id,
      paymentIntentId: payment.id,
      topUpId: "top_1",
      livemode: false,
      apiVersion: "2026-10-28.endive",
    });
  });

  test.each([
    ["charge.refunded", "/refund"],
    ["refund.created", "/refund"],
    ["charge.dispute.created", "/disputes"],
    ["radar.early_fraud_warning.created", "/early_fraud_warnings"],
  ])("as %s leads to the payment", async (type, cause) => {
    const payment = await trial.aPaidPayment();
    if (cause === "/refund")
      await trial.gateway.refund({ paymentIntentId: payment.id, params: "{}", key: "rf" });
    else await trial.local.control(cause, { paymentIntent: payment.id });
    const { body, signature } = await deliveryOf(type);
    expect(trial.gateway.verifyEvent(body, signature)?.paymentIntentId).toBe(payment.id);
  });

  test.each(["wrong_secret", "no_signature", "changed_body", "old_timestamp"])(
    "and is spoilt by %s, is nothing",
    async (action) => {
      await trial.local.control("/deliveries/rules", { types: ["payment_intent.created"], action });
      await trial.aPayment();
      await trial.local.control("/idle");
      const events = trial.local.deliveries.map(({ body, signature }) =>
        trial.gateway.verifyEvent(body, signature),
      );
      expect(events).toContain(null);
      expect(events.map((event) => event?.type)).not.toContain("payment_intent.created");
    },
  );

  test("keeps neither a secret nor a person in its payload", async () => {
    const payment = await trial.aPayment("pm_card_authenticationRequired");
    await payment.confirmWithCustomer();
    await trial.local.control("/idle");
    expect(trial.local.deliveries.some(({ body }) => body.includes("_secret_"))).toBe(true);
    for (const { body, signature } of trial.local.deliveries) {
      const event = trial.gateway.verifyEvent(body, signature);
      expect(event?.payload).not.toMatch(/secret|fingerprint|billing_details|last4/);
    }
  });
});

describe("what the gateway would have delivered", () => {
  test("is listed page by page, and only what concerns us", async () => {
    const payment = await trial.aPaidPayment();
    const { items, next } = got(await trial.gateway.listEvents({ since: instant(0) }));
    expect(next).toBeNull();
    expect(items.map(({ type, objectId }) => [type, objectId])).toEqual([
      ["payment_intent.succeeded", payment.id],
    ]);
    const later = got(await trial.gateway.listEvents({ since: instant(Date.now() + 5_000) }));
    expect(later.items).toEqual([]);
  });

  test("names the next page even where this one holds nothing of ours", async () => {
    await trial.aPaidPayment();
    await trial.local.control("/clock", { advanceSeconds: 60 });
    for (let n = 0; n < 101; n++)
      await trial.local.control("/events", {
        type: "moon.risen",
        object: { object: "moon", id: "m" },
      });
    const first = got(await trial.gateway.listEvents({ since: instant(0) }));
    expect(first.items).toEqual([]);
    const second = await trial.gateway.listEvents({
      since: instant(0),
      startingAfter: first.next ?? "",
    });
    expect(got(second).items.map(({ type }) => type)).toEqual(["payment_intent.succeeded"]);
  });

  test("payments are listed with what is known of each", async () => {
    const payment = await trial.aPaidPayment();
    const { items, next } = got(await trial.gateway.listPayments({ since: instant(0) }));
    expect(items).toEqual([(await payment.read()).intent]);
    expect(next).toBeNull();
  });
});
