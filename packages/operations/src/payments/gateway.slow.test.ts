/**
 * The gateway through the real SDK against the local Stripe as a process of its own, which is told to
 * lose, delay and spoil answers. Whatever is told here, a charge is counted at the other end.
 */
import { instant } from "@scanmeter/core";
import type { Answer } from "@scanmeter/core/purchase";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalStripe, startLocalStripe } from "../testing/local-stripe.ts";
import {
  type Asked,
  cancelParams,
  confirmOffSessionParams,
  confirmOnSessionParams,
  createGateway,
  type Gateway,
  type GatewayOptions,
  refundParams,
} from "./gateway.ts";

let local: LocalStripe;
let gateway: Gateway;
beforeAll(async () => {
  local = await startLocalStripe();
  gateway = connect();
});
afterAll(() => local?.close());
beforeEach(async () => {
  await local.control("/reset");
  local.deliveries.length = 0;
});

function connect(options: Partial<GatewayOptions> = {}): Gateway {
  return createGateway({
    secretKey: local.secretKey,
    apiBase: local.url,
    webhookSecrets: [local.webhookSecret],
    now: () => instant(Date.now()),
    ...options,
  });
}

function got<Value>(asked: Asked<Value>): Value {
  if (asked.is !== "value") throw new Error(`The gateway answered ${JSON.stringify(asked)}.`);
  return asked.value;
}

const intentOf = (answer: Answer) => {
  if (answer.is !== "intent") throw new Error(`The gateway answered ${JSON.stringify(answer)}.`);
  return answer.intent;
};

interface Summary {
  readonly charges: Record<string, number>;
  readonly refunds: Record<string, number>;
}
const summary = () => local.look<Summary>("/summary");
const fault = (given: object) => local.control("/faults", { method: "post", ...given });
const idle = () => local.control("/idle");

async function aCustomer(card: string) {
  const customer = got(await gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" }));
  const attached = await gateway.attachCard({
    paymentMethodId: card,
    customerId: customer.id,
    key: `attach-${card}`,
  });
  return { customerId: customer.id, cardId: got(attached).id };
}

const paymentOf = (customerId: string) =>
  JSON.stringify({
    amount: 9500,
    currency: "eur",
    customer: customerId,
    allowed_payment_method_types: ["card"],
    metadata: { top_up_id: "top_1", account_id: "acc_1" },
  });

/** A payment of 95 euros, not confirmed yet. */
async function aPayment(card = "pm_card_visa") {
  const { customerId, cardId } = await aCustomer(card);
  const params = paymentOf(customerId);
  const { id } = intentOf(await gateway.createPayment({ params, key: "pi-top_1-1" }));
  return {
    id,
    customerId,
    cardId,
    confirm: (key = "cf-top_1-2", through = gateway) =>
      through.confirmPayment({
        paymentIntentId: id,
        params: confirmOffSessionParams({ paymentMethodId: cardId }),
        key,
      }),
    confirmWithCustomer: (paymentMethodId = cardId) =>
      gateway.confirmPayment({
        paymentIntentId: id,
        params: confirmOnSessionParams({ paymentMethodId, returnUrl: "https://shop.example/back" }),
        key: "cf-top_1-2",
      }),
    cancel: () =>
      gateway.cancelPayment({ paymentIntentId: id, params: cancelParams("failed"), key: "cx-1" }),
    read: async () => got(await gateway.readPayment(id)),
  };
}

async function aPaidPayment(card?: string) {
  const payment = await aPayment(card);
  expect(intentOf(await payment.confirm()).status).toBe("succeeded");
  return payment;
}

/** As a browser posts a form of the hosted pages. */
const submit = async (url: string | null, fields: Record<string, string>) => {
  const body = new URLSearchParams(fields);
  const response = await fetch(url ?? "", { method: "POST", body, redirect: "manual" });
  return response.headers.get("location");
};

const declinedAs = (code: string, declineCode: string) => ({
  is: "declined",
  failure: { code, declineCode },
});

describe("a customer", () => {
  test("is one, however often the creation is sent", async () => {
    const create = () => gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" });
    expect(got(await create())).toEqual(got(await create()));
  });

  test("is told of a changed address, and one nobody knows is missing", async () => {
    const { customerId } = await aCustomer("pm_card_visa");
    const billing = {
      name: "Ada",
      company: null,
      email: "ada@scans.example",
      address: {
        line1: "1 Way",
        line2: null,
        city: "Lisbon",
        postalCode: "1000",
        state: null,
        country: "PT",
      },
      taxId: null,
    };
    expect(await gateway.updateCustomer(customerId, billing)).toEqual({
      is: "value",
      value: { id: customerId },
    });
    expect(await gateway.updateCustomer("cus_nobody", billing)).toEqual({ is: "missing" });
  });
});

describe("a payment", () => {
  test("charges nobody until it is confirmed", async () => {
    const payment = await aPayment();
    expect((await summary()).charges).toEqual({});
    expect(await payment.read()).toEqual({
      intent: {
        object: "payment_intent",
        id: payment.id,
        status: "requires_payment_method",
        amountMinor: 9500,
        amountReceivedMinor: 0,
        currency: "eur",
        customerId: payment.customerId,
        livemode: false,
        topUpId: "top_1",
        paidAt: null,
        redirectUrl: null,
        failure: null,
      },
      receiptUrl: null,
      refunds: [],
      disputes: [],
      hasFraudWarning: false,
    });
  });

  test("that is confirmed is paid, and the answer says when, just as the reading does", async () => {
    const payment = await aPayment();
    const { now } = await local.control<{ now: number }>("/clock", { frozen: true });
    const paid = intentOf(await payment.confirm());
    const paidAt = Math.floor(now / 1000) * 1000;
    expect(paid).toMatchObject({ status: "succeeded", amountReceivedMinor: 9500, paidAt });
    const reading = await payment.read();
    expect(reading.intent).toEqual(paid);
    expect(reading.receiptUrl).toContain("/receipts/");
  });

  test("that is sent twice is one: created once, charged once", async () => {
    const payment = await aPayment();
    const params = paymentOf(payment.customerId);
    const again = await gateway.createPayment({ params, key: "pi-top_1-1" });
    expect(intentOf(again).id).toBe(payment.id);
    const answers = [await payment.confirm(), await payment.confirm()];
    expect(answers.map((answer) => intentOf(answer).status)).toEqual(["succeeded", "succeeded"]);
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  test("that is paid has moved on from a new confirmation and from a cancellation", async () => {
    const payment = await aPaidPayment();
    expect(await payment.confirm("cf-top_1-3")).toEqual({ is: "moved_on" });
    expect(await payment.cancel()).toEqual({ is: "moved_on" });
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  test("that is canceled can no longer be paid", async () => {
    const payment = await aPayment();
    expect(intentOf(await payment.cancel()).status).toBe("canceled");
    expect(await payment.confirm()).toEqual({ is: "moved_on" });
  });

  test("that nobody knows is missing to a reader, and was not confirmed", async () => {
    expect(await gateway.readPayment("pi_nobody")).toEqual({ is: "missing" });
    const confirmed = await gateway.confirmPayment({
      paymentIntentId: "pi_nobody",
      params: confirmOffSessionParams({ paymentMethodId: "pm_card_visa" }),
      key: "cf",
    });
    expect(confirmed).toMatchObject({ is: "rejected", failure: { code: "resource_missing" } });
  });

  test("under a key that belongs to other parameters is rejected and charges nobody", async () => {
    const payment = await aPayment();
    const params = JSON.stringify({ ...JSON.parse(paymentOf(payment.customerId)), amount: 1 });
    const reused = await gateway.createPayment({ params, key: "pi-top_1-1" });
    expect(reused).toMatchObject({ is: "rejected", failure: { code: "idempotency_error" } });
    expect((await summary()).charges).toEqual({});
  });

  test("with a parameter the gateway does not know is rejected, and so is a key it does not", async () => {
    const { customerId } = await aCustomer("pm_card_visa");
    const params = JSON.stringify({ ...JSON.parse(paymentOf(customerId)), colour: "red" });
    expect((await gateway.createPayment({ params, key: "a" })).is).toBe("rejected");
    const stranger = connect({ secretKey: "sk_test_standin_" });
    const refused = await stranger.createPayment({ params: paymentOf(customerId), key: "b" });
    expect(refused.is).toBe("rejected");
    expect(JSON.stringify(refused)).not.toContain("standin");
  });
});

describe("a declined payment", () => {
  test("says why, keeps saying it under its key, and takes another try under a new one", async () => {
    const payment = await aPayment();
    await local.control(`/payment_methods/${payment.cardId}/next_charges`, {
      verdicts: ["insufficient_funds"],
    });
    const expected = declinedAs("card_declined", "insufficient_funds");
    expect([await payment.confirm(), await payment.confirm()]).toMatchObject([expected, expected]);
    const { intent } = await payment.read();
    expect(intent).toMatchObject({
      status: "requires_payment_method",
      paidAt: null,
      failure: { declineCode: "insufficient_funds" },
    });
    expect(intentOf(await payment.confirm("cf-top_1-3")).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ failed: 1, succeeded: 1 });
  });

  test("carries the network's advice", async () => {
    const payment = await aPayment();
    const stolen = await payment.confirmWithCustomer("pm_card_visa_chargeDeclinedStolenCard");
    expect(stolen).toMatchObject({ is: "declined", failure: { adviceCode: "do_not_try_again" } });
  });

  test("for want of the customer is declined, and waits for nobody", async () => {
    const payment = await aPayment("pm_card_authenticationRequired");
    expect(await payment.confirm()).toMatchObject(
      declinedAs("authentication_required", "authentication_required"),
    );
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
  });
});

describe("a bank that asks the customer", () => {
  test("is reached by redirect, and approved the payment is paid", async () => {
    const payment = await aPayment("pm_card_authenticationRequired");
    const { status, redirectUrl } = intentOf(await payment.confirmWithCustomer());
    expect(status).toBe("requires_action");
    const back = await submit(redirectUrl, { answer: "approve" });
    expect(back).toContain("https://shop.example/back");
    const { intent } = await payment.read();
    expect(intent).toMatchObject({ status: "succeeded", redirectUrl: null });
    expect(intent.paidAt).not.toBeNull();
  });

  test("and is not satisfied leaves the payment open for another card", async () => {
    const payment = await aPayment("pm_card_authenticationRequired");
    const { redirectUrl } = intentOf(await payment.confirmWithCustomer());
    await submit(redirectUrl, { answer: "fail" });
    expect((await payment.read()).intent).toMatchObject({
      status: "requires_payment_method",
      failure: { code: "payment_intent_authentication_failure" },
    });
    expect((await summary()).charges.succeeded).toBeUndefined();
  });
});

describe("a confirmation whose answer goes astray", () => {
  const confirmations = { path: "*/confirm" };

  // The SDK asks again by itself, with the same key, and hears the first answer.
  test.each(["before", "after"])("once, %s the charge: paid once", async (phase) => {
    const payment = await aPayment();
    await fault({ ...confirmations, kind: "reset", phase });
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  test.each([
    ["reset", "before", 2],
    ["reset", "after", 2],
    ["error_409", "before", 1],
    ["error_429", "before", 1],
    ["html_502", "before", 1],
    ["html_502", "after", 1],
    ["json_502", "before", 1],
    ["json_502", "after", 1],
    ["truncate", "before", 1],
    ["truncate", "after", 1],
  ])("by %s %s the charge is unknown; sent again it is paid, once", async (kind, phase, times) => {
    const payment = await aPayment();
    await fault({ ...confirmations, kind, phase, times });
    expect(await payment.confirm()).toEqual({ is: "unknown" });
    const paid = phase === "after" ? "succeeded" : "requires_payment_method";
    expect((await payment.read()).intent.status).toBe(paid);
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  // Such an answer is kept under its key, so asking again tells nothing and reading does.
  test("by a 500 before the charge stays unknown, and a cancellation settles it", async () => {
    const payment = await aPayment();
    await fault({ ...confirmations, kind: "error_500", phase: "before" });
    expect([await payment.confirm(), await payment.confirm()]).toEqual([
      { is: "unknown" },
      { is: "unknown" },
    ]);
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
    expect(intentOf(await payment.cancel()).status).toBe("canceled");
    expect((await summary()).charges).toEqual({});
  });

  test("by a 500 after the charge stays unknown, and the reading says that it is paid", async () => {
    const payment = await aPayment();
    await fault({ ...confirmations, kind: "error_500", phase: "after" });
    expect([await payment.confirm(), await payment.confirm()]).toEqual([
      { is: "unknown" },
      { is: "unknown" },
    ]);
    expect((await payment.read()).intent.status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  test("by its slowness is unknown, also when asked again meanwhile, and is paid once", async () => {
    const payment = await aPayment();
    await fault({ ...confirmations, kind: "delay", phase: "before", ms: 2_000 });
    const impatient = connect({ timeoutMs: 300 });
    expect(await payment.confirm("cf-top_1-2", impatient)).toEqual({ is: "unknown" });
    // Not paid yet, and still about to be: this reading proves nothing.
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
    expect(await payment.confirm()).toEqual({ is: "unknown" });
    const statusOf = async () => (await payment.read()).intent.status;
    await expect.poll(statusOf, { timeout: 20_000 }).toBe("succeeded");
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });
});

test("a creation whose answer is lost is found again under its key", async () => {
  const { customerId } = await aCustomer("pm_card_visa");
  await fault({ path: "/v1/payment_intents", kind: "truncate", phase: "after" });
  const create = () => gateway.createPayment({ params: paymentOf(customerId), key: "pi-top_1-1" });
  expect(await create()).toEqual({ is: "unknown" });
  const { id } = intentOf(await create());
  const { items } = got(await gateway.listPayments({ since: instant(0) }));
  expect(items.map((payment) => payment.id)).toEqual([id]);
});

describe("the page to add a card", () => {
  const openPage = async (key = "cs-1") => {
    const { id: customerId } = got(
      await gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" }),
    );
    const page = await gateway.openCardPage({
      customerId,
      currency: "EUR",
      successUrl: "https://shop.example/done?page={CHECKOUT_SESSION_ID}",
      cancelUrl: "https://shop.example/cancel",
      metadata: { checkout_id: "chk_1" },
      key,
    });
    return { customerId, page: got(page) };
  };
  const visa = { card: "4242424242424242" };

  test("is open without a card, and the same page under the same key", async () => {
    const { customerId, page } = await openPage();
    expect(page).toMatchObject({ status: "open", customerId, setupStatus: null, card: null });
    expect(page.metadata).toEqual({ checkout_id: "chk_1" });
    expect((await openPage()).page).toEqual(page);
    expect((await openPage("cs-2")).page.id).not.toBe(page.id);
  });

  test("leads back, and then names the card that was saved for the customer", async () => {
    const { customerId, page } = await openPage();
    expect(await submit(page.url, visa)).toBe(`https://shop.example/done?page=${page.id}`);
    const done = got(await gateway.readCardPage(page.id));
    expect(done).toMatchObject({
      url: null,
      status: "complete",
      setupStatus: "succeeded",
      card: { customerId, brand: "visa", last4: "4242" },
    });
    expect(got(await gateway.readCard(done.card?.id ?? ""))).toEqual(done.card);
  });

  test("names no card while the bank is asked, nor after a decline", async () => {
    const { page } = await openPage();
    const bank = await submit(page.url, { card: "4000002500003155" });
    const asked = got(await gateway.readCardPage(page.id));
    expect(asked).toMatchObject({ status: "open", setupStatus: "requires_action", card: null });
    await submit(bank, { answer: "fail" });
    await submit(page.url, { card: "4000000000000002" });
    expect(got(await gateway.readCardPage(page.id)).card).toBeNull();
  });

  test("is over after a day, and one nobody opened is missing", async () => {
    const { page } = await openPage();
    await local.control("/clock", { advanceSeconds: 86_400 });
    expect(got(await gateway.readCardPage(page.id))).toMatchObject({
      status: "expired",
      url: null,
      card: null,
    });
    expect(await gateway.readCardPage("cs_test_nobody")).toEqual({ is: "missing" });
  });
});

describe("a saved card", () => {
  test("belongs to nobody once it is detached, and pays nothing any more", async () => {
    const payment = await aPayment();
    const card = { paymentMethodId: payment.cardId, key: "detach-1" };
    expect(got(await gateway.detachCard(card)).customerId).toBeNull();
    expect(got(await gateway.readCard(payment.cardId)).customerId).toBeNull();
    expect((await payment.confirm()).is).toBe("rejected");
  });

  test("that the bank declines is not saved, and the refusal says why", async () => {
    const { customerId } = await aCustomer("pm_card_visa");
    const card = { paymentMethodId: "pm_card_visa_chargeDeclinedLostCard", customerId, key: "a" };
    expect(await gateway.attachCard(card)).toMatchObject({
      is: "rejected",
      failure: { declineCode: "lost_card" },
    });
  });
});

describe("money that goes back", () => {
  const refund = (paymentIntentId: string, amountMinor: number, key = "rf-1") =>
    gateway.refund({
      paymentIntentId,
      params: refundParams({ refundId: "rfd_1", amountMinor }),
      key,
    });

  test("is read back with the payment, ours told from those made elsewhere", async () => {
    const payment = await aPaidPayment();
    const ours = got(await refund(payment.id, 500));
    expect(ours).toMatchObject({
      paymentIntentId: payment.id,
      amountMinor: 500,
      currency: "eur",
      status: "succeeded",
      refundId: "rfd_1",
    });
    const elsewhere = await gateway.refund({
      paymentIntentId: payment.id,
      params: JSON.stringify({ amount: 200 }),
      key: "elsewhere",
    });
    expect(got(elsewhere).refundId).toBeNull();
    const { refunds } = await payment.read();
    expect(new Set(refunds)).toEqual(new Set([ours, got(elsewhere)]));
  });

  test.each(["truncate", "html_502"])("whose answer is lost by %s goes back once", async (kind) => {
    const payment = await aPaidPayment();
    await fault({ path: "/v1/refunds", kind, phase: "after" });
    expect(await refund(payment.id, 500)).toEqual({ is: "unknown" });
    const found = (await payment.read()).refunds;
    expect(found).toMatchObject([{ refundId: "rfd_1", amountMinor: 500 }]);
    expect(got(await refund(payment.id, 500))).toEqual(found[0]);
    expect((await summary()).refunds).toEqual({ succeeded: 1 });
  });

  test("twice is refused with a word of its own", async () => {
    const payment = await aPaidPayment();
    await refund(payment.id, 9500);
    expect(await refund(payment.id, 1, "rf-2")).toMatchObject({
      is: "rejected",
      failure: { code: "charge_already_refunded" },
    });
  });

  test("that is slow is pending, and one that fails later says so", async () => {
    const slow = await aPaidPayment("pm_card_pendingRefund");
    const { id, status } = got(await refund(slow.id, 500));
    expect(status).toBe("pending");
    await local.control(`/refunds/${id}`, { status: "failed" });
    expect((await slow.read()).refunds).toMatchObject([{ id, status: "failed" }]);
  });

  test("is read to the last page", async () => {
    const payment = await aPaidPayment();
    const keys = Array.from({ length: 101 }, (_, n) => `rf-${n}`);
    for (const key of keys) await refund(payment.id, 1, key);
    const { refunds } = await payment.read();
    expect(new Set(refunds.map(({ id }) => id)).size).toBe(101);
  });

  test("by a dispute is read back with its standing, and refunds are refused meanwhile", async () => {
    const payment = await aPaidPayment();
    const { id } = await local.control<{ id: string }>("/disputes", { paymentIntent: payment.id });
    expect((await payment.read()).disputes).toEqual([
      {
        id,
        paymentIntentId: payment.id,
        amountMinor: 9500,
        currency: "eur",
        status: "needs_response",
      },
    ]);
    expect(await refund(payment.id, 500)).toMatchObject({
      is: "rejected",
      failure: { code: "charge_disputed" },
    });
    await local.control(`/objects/${id}`, { fields: { status: "under_a_spell" } });
    expect((await payment.read()).disputes[0]?.status).toBe("under_a_spell");
  });

  test("perhaps: a warning of fraud is told with the payment", async () => {
    const payment = await aPaidPayment();
    expect((await payment.read()).hasFraudWarning).toBe(false);
    await local.control("/early_fraud_warnings", { paymentIntent: payment.id });
    expect((await payment.read()).hasFraudWarning).toBe(true);
  });

  test("is not known while its list is not: the payment is not read by halves", async () => {
    const payment = await aPaidPayment();
    await fault({ method: "get", path: "/v1/refunds", kind: "json_502", times: 0 });
    expect(await gateway.readPayment(payment.id)).toEqual({ is: "unknown" });
  });
});

describe("what the gateway delivers", () => {
  const deliveryOf = async (type: string) => {
    await idle();
    const delivery = local.deliveries.find(({ body }) => JSON.parse(body).type === type);
    if (delivery === undefined) throw new Error(`No ${type} arrived.`);
    return delivery;
  };

  test("is verified and leads to the payment and the top-up", async () => {
    const payment = await aPaidPayment();
    const { body, signature } = await deliveryOf("payment_intent.succeeded");
    expect(gateway.verifyEvent(body, signature)).toMatchObject({
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
    const payment = await aPaidPayment();
    if (cause === "/refund")
      await gateway.refund({ paymentIntentId: payment.id, params: "{}", key: "rf" });
    else await local.control(cause, { paymentIntent: payment.id });
    const { body, signature } = await deliveryOf(type);
    expect(gateway.verifyEvent(body, signature)?.paymentIntentId).toBe(payment.id);
  });

  test.each(["wrong_secret", "no_signature", "changed_body", "old_timestamp"])(
    "and is spoilt by %s, is nothing",
    async (action) => {
      await local.control("/deliveries/rules", { types: ["payment_intent.created"], action });
      await aPayment();
      await idle();
      const events = local.deliveries.map(({ body, signature }) =>
        gateway.verifyEvent(body, signature),
      );
      expect(events).toContain(null);
      expect(events.map((event) => event?.type)).not.toContain("payment_intent.created");
    },
  );

  test("keeps neither a secret nor a person in its payload", async () => {
    const payment = await aPayment("pm_card_authenticationRequired");
    await payment.confirmWithCustomer();
    await idle();
    expect(local.deliveries.some(({ body }) => body.includes("_secret_"))).toBe(true);
    for (const { body, signature } of local.deliveries) {
      const event = gateway.verifyEvent(body, signature);
      expect(event?.payload).not.toMatch(/secret|fingerprint|billing_details|last4/);
    }
  });
});

describe("what the gateway would have delivered", () => {
  test("is listed page by page, and only what concerns us", async () => {
    const payment = await aPaidPayment();
    const { items, next } = got(await gateway.listEvents({ since: instant(0) }));
    expect(next).toBeNull();
    expect(items.map(({ type, objectId }) => [type, objectId])).toEqual([
      ["payment_intent.succeeded", payment.id],
    ]);
    const later = got(await gateway.listEvents({ since: instant(Date.now() + 5_000) }));
    expect(later.items).toEqual([]);
  });

  test("names the next page even where this one holds nothing of ours", async () => {
    await aPaidPayment();
    await local.control("/clock", { advanceSeconds: 60 });
    for (let n = 0; n < 101; n++)
      await local.control("/events", { type: "moon.risen", object: { object: "moon", id: "m" } });
    const first = got(await gateway.listEvents({ since: instant(0) }));
    expect(first.items).toEqual([]);
    const second = await gateway.listEvents({
      since: instant(0),
      startingAfter: first.next ?? "",
    });
    expect(got(second).items.map(({ type }) => type)).toEqual(["payment_intent.succeeded"]);
  });

  test("payments are listed with what is known of each", async () => {
    const payment = await aPaidPayment();
    const { items, next } = got(await gateway.listPayments({ since: instant(0) }));
    expect(items).toEqual([(await payment.read()).intent]);
    expect(next).toBeNull();
  });
});
