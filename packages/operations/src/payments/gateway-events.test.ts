import { describe, expect, test } from "vitest";
import { gatewayEventOf } from "./gateway-events.ts";

const event = (object: object, more: object = {}) => ({
  object: "event",
  id: "evt_1",
  type: "payment_intent.succeeded",
  created: 1_790_000_000,
  livemode: false,
  api_version: "2026-10-28.endive",
  data: { object },
  request: { id: "req_1", idempotency_key: "cf-top_1-2" },
  ...more,
});

const intent = {
  object: "payment_intent",
  id: "pi_1",
  status: "succeeded",
  amount: 9500,
  metadata: { top_up_id: "top_1" },
};

describe("an event leads to the payment it is about", () => {
  test.each([
    ["payment_intent", intent, ["pi_1", "pi_1", "top_1"]],
    ["charge", { object: "charge", id: "ch_1", payment_intent: "pi_1" }, ["ch_1", "pi_1", null]],
    ["refund", { object: "refund", id: "re_1", payment_intent: "pi_1" }, ["re_1", "pi_1", null]],
    ["dispute", { object: "dispute", id: "du_1", payment_intent: intent }, ["du_1", "pi_1", null]],
    [
      "radar.early_fraud_warning",
      { object: "radar.early_fraud_warning", id: "issfr_1", payment_intent: "pi_1" },
      ["issfr_1", "pi_1", null],
    ],
    [
      "checkout.session",
      { object: "checkout.session", id: "cs_1", payment_intent: null, metadata: {} },
      ["cs_1", null, null],
    ],
    ["payment_method", { object: "payment_method", id: "pm_1" }, ["pm_1", null, null]],
    ["balance", { object: "balance" }, ["evt_1", null, null]],
  ])("%s", (_, object, expected) => {
    const read = gatewayEventOf(event(object));
    expect([read?.objectId, read?.paymentIntentId, read?.topUpId]).toEqual(expected);
  });
});

test("an event says when and where it happened, and a type nobody has heard of is one too", () => {
  expect(gatewayEventOf(event(intent, { type: "moon.risen", livemode: true }))).toMatchObject({
    id: "evt_1",
    type: "moon.risen",
    createdAt: 1_790_000_000_000,
    livemode: true,
    apiVersion: "2026-10-28.endive",
  });
  expect(gatewayEventOf(event(intent, { api_version: null }))?.apiVersion).toBeNull();
});

test("what is no event is none", () => {
  const good = event(intent);
  const odd = [
    null,
    "event",
    [],
    {},
    { ...good, object: "v2.core.event" },
    { ...good, id: "" },
    { ...good, type: 5 },
    { ...good, created: "now" },
    { ...good, livemode: undefined },
    { ...good, data: null },
    { ...good, data: { object: "pi_1" } },
  ];
  expect(odd.map(gatewayEventOf)).toEqual(odd.map(() => null));
});

test("what is kept names the object and its state, and neither people, cards nor secrets", () => {
  const full = {
    ...intent,
    customer: { object: "customer", id: "cus_1", email: "ada@scans.example", name: "Ada" },
    currency: "eur",
    client_secret: "pi_1_secret_x",
    description: "for Ada",
    receipt_email: "ada@scans.example",
    shipping: { name: "Ada" },
    reason: { text: "Ada" },
    metadata: { top_up_id: "top_1", refund_id: "rfd_1", note: "Ada" },
    payment_method: { object: "payment_method", id: "pm_1", card: { last4: "4242" } },
    last_payment_error: {
      code: "card_declined",
      decline_code: "lost_card",
      payment_method: { billing_details: { name: "Ada" } },
    },
  };
  const payload = gatewayEventOf(event(full, { account: "Ada" }))?.payload ?? "";
  expect(JSON.parse(payload)).toEqual({
    id: "evt_1",
    type: "payment_intent.succeeded",
    created: 1_790_000_000,
    livemode: false,
    api_version: "2026-10-28.endive",
    request: "req_1",
    object: {
      object: "payment_intent",
      id: "pi_1",
      status: "succeeded",
      amount: 9500,
      currency: "eur",
      customer: "cus_1",
      payment_method: "pm_1",
      failure: { code: "card_declined", declineCode: "lost_card", adviceCode: null },
      metadata: { top_up_id: "top_1", refund_id: "rfd_1" },
    },
  });
  expect(payload).not.toMatch(/secret|Ada|ada@|4242/);
});
