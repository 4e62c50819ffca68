/** Buying as a browser does it: through the doorway, over a local Stripe, with its webhooks. */
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goodBilling } from "./testing/good-input.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
/** A test edge gives everybody who signs up ten credits. */
const WELCOME = 10;

beforeAll(async () => {
  on = await startTestEdge({
    payments: "over a local Stripe",
    sandbox: () => ({
      clock: () => ({ now: on.operations.clock.now(), rate: 1 }),
      advance: async () => ({ now: on.operations.clock.now(), ran: 0 }),
      setRate: async (rate) => ({ now: on.operations.clock.now(), rate }),
      info: () => ({ stripeUrl: null, mailboxUrl: null }),
      page: async () => new Response(),
    }),
  });
});
afterAll(() => on.stop());

const stripe = () => {
  if (on.stripe === null) throw new Error("This edge sells.");
  return on.stripe;
};

async function succeededPayments(): Promise<number> {
  const summary = await stripe().look<{ paymentIntents: Record<string, number> }>("/summary");
  return summary.paymentIntents.succeeded ?? 0;
}

/** Hands what the local Stripe sent since to the webhook doorway, and has it worked on. */
async function deliver(times = 1): Promise<number[]> {
  await stripe().control("/idle");
  const news = stripe().deliveries.splice(0);
  const statuses: number[] = [];
  for (const { body, signature } of news) {
    const sent = Array.from({ length: times }, () =>
      fetch(`${on.url}/webhooks/stripe`, {
        method: "POST",
        headers: { "stripe-signature": signature ?? "" },
        body,
      }),
    );
    statuses.push(...(await Promise.all(sent)).map(({ status }) => status));
    await on.operations.buying?.handleEvent(JSON.parse(body).id);
  }
  return statuses;
}

/** Somebody with billing details and, unless told otherwise, a card. */
async function aBuyer(name: string, card: string | null = "pm_card_visa"): Promise<TestCustomer> {
  const who = await on.signUp(name);
  await who.api.account.saveBilling.mutate(goodBilling);
  if (card !== null) await who.api.sandbox.addTestCard.mutate({ card });
  return who;
}

const open = ({ api }: TestCustomer, quantity: number) =>
  api.checkout.open.mutate({ quantity, idempotencyKey: `order-of-${quantity}` });

const pay = ({ api }: TestCustomer, { id, quote }: CheckoutView) =>
  api.checkout.finalize.mutate({ checkoutId: id, expectedTotalMinor: quote.totalMinor });

const available = async ({ api }: TestCustomer) =>
  (await api.account.overview.query()).balance.available;

describe("a customer", () => {
  test("orders, is billed, adds a card, pays, and finds credits, receipt and invoice", async () => {
    const ada = await on.signUp("Ada");
    const { checkout, pricing, topUps, invoices, account } = ada.api;
    expect(await pricing.tiers.query()).toMatchObject({ isOpen: true, currency: "EUR" });
    const quote = await pricing.quote.query({ quantity: 10 });
    expect(quote).toMatchObject({ discountPercent: 5, subtotalMinor: 10_000, taxMinor: 1_805 });

    const opened = await open(ada, 10);
    expect(opened).toMatchObject({ status: "open", step: "billing", billing: null });
    expect(opened.quote.totalMinor).toBe(quote.totalMinor);
    const checkoutId = opened.id;
    // A Portuguese VAT id: the customer owes the tax themselves.
    const billed = await checkout.setBilling.mutate({ checkoutId, billing: goodBilling });
    expect(billed).toMatchObject({
      step: "billing",
      billing: { taxId: "PT501964843" },
      quote: { taxMinor: 0, totalMinor: 9_500, taxNote: expect.stringContaining("Reverse charge") },
    });
    const { url } = await checkout.addCard.mutate({ checkoutId });
    const body = new URLSearchParams({ card: "4242424242424242" });
    const saved = await fetch(url, { method: "POST", body, redirect: "manual" });
    expect(saved.headers.get("location")).toBe(
      `${on.url}/checkout/billing?checkout=${checkoutId}&card=saved`,
    );
    const ready = await checkout.get.query({ checkoutId });
    expect(ready).toMatchObject({ step: "confirmation", paymentMethod: { last4: "4242" } });

    const paid = await pay(ada, ready);
    expect(paid).toMatchObject({ status: "complete", step: "done", nextAction: null });
    expect(await available(ada)).toBe(WELCOME + 10);
    const topUp = await topUps.get.query({ topUpId: paid.topUpId ?? "" });
    expect(topUp).toMatchObject({ state: "paid", credits: 10, money: { totalMinor: 9_500 } });
    expect(topUp.receipt?.lots).toHaveLength(2);
    expect(await invoices.list.query()).toEqual([topUp.invoice]);
    const invoice = { number: topUp.invoice?.number, url: topUp.invoice?.url };
    const bought = (await account.activity.query({ kinds: ["grant", "extension"] })).items.filter(
      ({ topUpId }) => topUpId === topUp.id,
    );
    // The line of the credits leads to the invoice; the one of the moved dates belongs to it.
    expect(bought.map((line) => [line.kind, line.who, line.invoice])).toEqual([
      ["extension", "Ada", undefined],
      ["grant", "Ada", invoice],
    ]);
    for (const { version } of bought) {
      expect(await account.posting.query({ version })).toMatchObject({
        documents: [topUp.invoice],
      });
    }
    expect(await topUps.list.query()).toMatchObject({ items: [topUp], nextCursor: null });
    expect(await account.billing.query()).toEqual(billed.billing);

    expect(new Set(await deliver(5))).toEqual(new Set([200]));
    expect(await available(ada)).toBe(WELCOME + 10);
  });

  test("who presses Pay five times at once pays once", async () => {
    const ada = await aBuyer("Presser");
    const before = await succeededPayments();
    const opened = await open(ada, 3);
    const views = await Promise.all(Array.from({ length: 5 }, () => pay(ada, opened)));
    for (const { lastError } of views) expect(lastError).toBeNull();
    await deliver();
    expect(await ada.api.checkout.get.query({ checkoutId: opened.id })).toMatchObject({
      status: "complete",
    });
    expect(await succeededPayments()).toBe(before + 1);
    expect(await available(ada)).toBe(WELCOME + 3);
  });

  test("whose bank asks is sent there, and a webhook alone brings the credits", async () => {
    const ada = await aBuyer("Asked", "pm_card_authenticationRequired");
    const asked = await pay(ada, await open(ada, 3));
    expect(asked).toMatchObject({ status: "processing", nextAction: { type: "redirect" } });
    const there = await fetch(asked.nextAction?.url ?? "", {
      method: "POST",
      body: new URLSearchParams({ answer: "approve" }),
      redirect: "manual",
    });
    const back = new URL(there.headers.get("location") ?? "");
    expect(back.origin + back.pathname).toBe(`${on.url}/checkout/confirmation`);
    await deliver();
    expect(await available(ada)).toBe(WELCOME + 3);
  });

  test("who is declined is told what to do, and pays with another card", async () => {
    const ada = await aBuyer("Declined", "pm_card_chargeCustomerFail");
    const opened = await open(ada, 3);
    const declined = await pay(ada, opened);
    expect(declined).toMatchObject({
      status: "open",
      lastError: {
        code: "payment_declined",
        message: "The bank declined the payment. Use another card, or ask the bank.",
      },
    });
    const { id } = await ada.api.sandbox.addTestCard.mutate({ card: "pm_card_mastercard" });
    const command = { checkoutId: opened.id, paymentMethodId: id, keep: false };
    const chosen = await ada.api.checkout.setPayment.mutate(command);
    expect(chosen).toMatchObject({ paymentMethod: { brand: "mastercard" }, keepsCard: false });
    expect((await pay(ada, chosen)).status).toBe("complete");
    expect((await ada.api.paymentMethods.list.query()).map(({ last4 }) => last4)).toEqual(["0341"]);
    expect(await available(ada)).toBe(WELCOME + 3);
  });
});

describe("an expected no", () => {
  const refusalOf = (call: Promise<unknown>) =>
    call.then(
      () => "accepted",
      ({ data, message }) => ({ code: data.code, refusal: data.refusal, message }),
    );

  test("to a total that is not the price says what it is now", async () => {
    const ada = await aBuyer("Tamperer");
    const opened = await open(ada, 10);
    const tampered = { ...opened, quote: { ...opened.quote, totalMinor: 1 } };
    expect(await refusalOf(pay(ada, tampered))).toEqual({
      code: "CONFLICT",
      refusal: { code: "quote_changed", totalMinor: 9_500, currency: "EUR" },
      message: "The price has changed since it was shown. Look at it again, then pay.",
    });
    expect(await ada.api.topUps.list.query()).toEqual({ items: [], nextCursor: null });
  });

  test("says which quantities are sold", async () => {
    const ada = await on.signUp("Whale");
    for (const call of [
      () => ada.api.pricing.quote.query({ quantity: 10_001 }),
      () => ada.api.checkout.open.mutate({ quantity: 10_001, idempotencyKey: "whale" }),
    ]) {
      expect(await refusalOf(call())).toEqual({
        code: "BAD_REQUEST",
        refusal: { code: "invalid_quantity", min: 1, max: 10_000 },
        message: "Buy a whole number of credits from 1 to 10000.",
      });
    }
  });

  test("to a card the bank does not let be saved says so", async () => {
    const ada = await aBuyer("Refused", null);
    const card = "pm_card_visa_chargeDeclined";
    expect(await refusalOf(ada.api.sandbox.addTestCard.mutate({ card }))).toMatchObject({
      code: "PAYMENT_REQUIRED",
      refusal: { code: "card_not_saved", declineCode: "generic_decline" },
    });
    expect(await ada.api.paymentMethods.list.query()).toEqual([]);
    expect(await refusalOf(pay(ada, await open(ada, 3)))).toMatchObject({
      code: "PRECONDITION_FAILED",
      refusal: { code: "payment_method_required" },
    });
  });

  test("to a key that opened another order", async () => {
    const ada = await on.signUp("Reuser");
    await ada.api.checkout.open.mutate({ quantity: 1, idempotencyKey: "one" });
    const other = ada.api.checkout.open.mutate({ quantity: 2, idempotencyKey: "one" });
    expect(await refusalOf(other)).toMatchObject({
      code: "CONFLICT",
      refusal: { code: "idempotency_key_reused" },
    });
  });
});

test("no answer and no log line holds a secret of the gateway", () => {
  const logged = on.logged.join("\n");
  expect(logged).not.toContain(stripe().secretKey);
  expect(logged).not.toContain(stripe().webhookSecret);
  expect(logged).not.toMatch(/_secret_/);
});
