/** A checkout over a gateway that loses answers, keeps errors and is silent at the worst moment. */
import { after, instant } from "@scanmeter/core";
import { purchaseSettings } from "@scanmeter/core/purchase";
import { listAlerts } from "@scanmeter/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aCustomer, type Customer, got } from "../testing/customer.ts";
import { openShop, type Shop } from "../testing/shop.ts";
import { StandingClock } from "../testing/test-deps.ts";

const declining = "pm_card_chargeCustomerFail";
const asking = "pm_card_authenticationRequired";

let clock: StandingClock;
let shop: Shop;
beforeAll(async () => {
  clock = new StandingClock(instant(Date.now()));
  shop = await openShop({ clock });
});
afterAll(() => shop.close());

const creating = { method: "post", path: "/v1/payment_intents" };
const confirming = { method: "post", path: "/v1/payment_intents/*/confirm" };
const canceling = { method: "post", path: "/v1/payment_intents/*/cancel" };
const fault = (given: object) => shop.stripe.control("/faults", given);
const mend = () => fetch(`${shop.stripe.url}/_control/faults`, { method: "DELETE" });

/** What is on its way arrives first, for later its signature would be too old. */
async function wait(ms: number): Promise<void> {
  await shop.deliver();
  clock.advance(ms);
  await shop.stripe.control("/clock", { to: clock.now() });
  await shop.buying.sweep(100);
}

const inProgress = { ok: false, refusal: { code: "payment_in_progress" } };

describe("creating the payment", () => {
  test.each(["reset", "truncate", "json_502", "html_502", "error_429"])(
    "whose answer is lost to %s is asked for again, and one payment is made and paid",
    async (kind) => {
      const ada = await aCustomer(shop, `loses-a-creation-to-${kind}`);
      await fault({ ...creating, kind, phase: "after" });
      expect(got(await ada.pay(await ada.open(3))).checkout.status).toBe("complete");
      expect(await ada.paymentsThere()).toHaveLength(1);
      expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
    },
  );

  test("that the gateway answers with an error it keeps charges nothing; the next press begins anew", async () => {
    const ada = await aCustomer(shop, "meets-a-kept-error");
    await fault({ ...creating, kind: "error_500" });
    const order = await ada.open(3);
    expect(await ada.pay(order)).toEqual({ ok: false, refusal: { code: "gateway_unavailable" } });
    expect((await ada.topUps()).map(({ topUp }) => topUp.state)).toEqual(["canceled"]);
    expect(await ada.books()).toEqual({ succeeded: 0, credits: 0 });

    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    await wait(purchaseSettings.openForMs);
    expect((await ada.topUps()).map(({ topUp }) => topUp.state)).toEqual(["canceled", "paid"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("that was carried out and answered with a kept error leaves a payment nobody can pay", async () => {
    const ada = await aCustomer(shop, "meets-a-carried-out-error");
    await fault({ ...creating, kind: "error_500", phase: "after" });
    const order = await ada.open(3);
    expect((await ada.pay(order)).ok).toBe(false);
    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    await shop.buying.reconcile();
    const statuses = (await ada.paymentsThere()).map(({ status }) => status).sort();
    expect(statuses).toEqual(["requires_payment_method", "succeeded"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("pressed in two tabs while it is slow is one payment", async () => {
    const ada = await aCustomer(shop, "presses-twice-slowly");
    await fault({ ...creating, kind: "delay", ms: 300 });
    const order = await ada.open(3);
    await Promise.all([ada.pay(order), ada.pay(order), ada.pay(order)]);
    expect(await ada.paymentsThere()).toHaveLength(1);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });
});

describe("while a confirmation is unanswered", () => {
  /** The bank was asked, or was it not: nobody knows. */
  async function unanswered(ada: Customer, phase: "before" | "after") {
    await fault({ ...confirming, kind: "html_502", phase, times: 0 });
    await fault({ method: "get", path: "/v1/payment_intents/*", kind: "html_502", times: 0 });
    const order = await ada.open(3);
    const pressed = got(await ada.pay(order));
    expect(pressed.topUp?.topUp.state).toBe("charging");
    return order;
  }

  test.each(["before", "after"] as const)(
    "nothing else can be begun, and the answer is one payment (lost %s it was carried out)",
    async (phase) => {
      const ada = await aCustomer(shop, `waits-${phase}`);
      const order = await unanswered(ada, phase);
      const { id } = order.checkout;
      const other = await ada.open(8);
      expect(got(await ada.pay(order)).topUp?.topUp.state).toBe("charging");
      expect(await ada.pay(other)).toEqual(inProgress);
      expect(await ada.setQuantity(id, 8)).toEqual(inProgress);
      const { account } = ada;
      expect(await shop.buying.cancelCheckout({ account, checkoutId: id })).toEqual(inProgress);
      await mend();
      await wait(purchaseSettings.resendAfterMs);
      expect((await ada.look(id)).checkout.status).toBe("complete");
      expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
    },
  );

  test("an order whose own payment was called off before is told so, not taken for the one under way", async () => {
    const ada = await aCustomer(shop, "changes-then-orders-another", { card: declining });
    const first = await ada.open(5);
    got(await ada.pay(first));
    const changed = got(await ada.setQuantity(first.checkout.id, 6));
    expect(changed.topUp?.topUp.state).toBe("canceled");
    await ada.saveCard();
    await unanswered(ada, "before");
    got(await ada.payWith(first.checkout.id, await ada.saveCard()));
    expect(await ada.pay(await ada.look(first.checkout.id))).toEqual(inProgress);
    await mend();
    await wait(purchaseSettings.resendAfterMs);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("for a quarter of an hour it is given up, and only a confirmed end lets another begin", async () => {
    const ada = await aCustomer(shop, "is-given-up");
    const order = await unanswered(ada, "before");
    await wait(purchaseSettings.giveUpAfterMs);
    await mend();
    await wait(purchaseSettings.cancelAgainMaxMs);
    const seen = await ada.look(order.checkout.id);
    expect(seen.topUp?.topUp.state).toBe("failed");
    expect(await ada.books()).toEqual({ succeeded: 0, credits: 0 });
    expect(got(await ada.pay(seen)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });
});

describe("ending a payment that the gateway does not confirm to be over", () => {
  test("keeps the order as it is until it is known", async () => {
    const ada = await aCustomer(shop, "cannot-cancel", { card: asking });
    const order = await ada.open(3);
    const asked = got(await ada.pay(order));
    await fault({ ...canceling, kind: "html_502", times: 0 });
    await fault({ method: "get", path: "/v1/payment_intents/*", kind: "html_502", times: 0 });
    const { id } = order.checkout;
    const { account } = ada;
    expect(await ada.setQuantity(id, 8)).toEqual(inProgress);
    expect(await shop.buying.cancelCheckout({ account, checkoutId: id })).toEqual(inProgress);
    expect((await ada.look(id)).checkout).toMatchObject({ status: "open", quantity: 3 });
    // The bank's page is still open, and the customer approves after all.
    await ada.answerBank(asked, "approve");
    await mend();
    await wait(purchaseSettings.cancelAgainMaxMs);
    expect((await ada.look(id)).checkout).toMatchObject({ status: "complete", quantity: 3 });
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("does not let a second order be charged meanwhile", async () => {
    const ada = await aCustomer(shop, "cannot-cancel-the-first", { card: declining });
    got(await ada.pay(await ada.open(3)));
    await ada.saveCard();
    const second = await ada.open(8);
    await fault({ ...canceling, kind: "html_502", times: 0 });
    expect(await ada.pay(second)).toEqual(inProgress);
    await mend();
    await wait(purchaseSettings.cancelAgainMaxMs);
    expect(got(await ada.pay(second)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 8 });
  });
});

describe("an error that the gateway keeps under its key", () => {
  test("does not keep an account from ever having a customer", async () => {
    const ada = await aCustomer(shop, "has-no-customer", { card: null });
    const { account } = ada;
    await fault({ method: "post", path: "/v1/customers", kind: "error_500" });
    const add = () => shop.buying.addTestCard({ accountId: account.id, card: "pm_card_visa" });
    expect(await add()).toEqual({ ok: false, refusal: { code: "gateway_unavailable" } });
    await wait(60_000);
    got(await add());
    expect(got(await ada.pay(await ada.open(3))).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("does not keep a checkout from ever having a page for its card", async () => {
    const ada = await aCustomer(shop, "has-no-page");
    const { checkout } = await ada.open(3);
    const { account } = ada;
    await fault({ method: "post", path: "/v1/checkout/sessions", kind: "error_500" });
    const ask = () => shop.buying.addCheckoutCard({ account, checkoutId: checkout.id });
    expect(await ask()).toEqual({ ok: false, refusal: { code: "gateway_unavailable" } });
    expect(got(await ask())).toContain("/pay/cs_test");
  });

  test("and an answer that is lost is asked for again: it is the same page", async () => {
    const ada = await aCustomer(shop, "loses-a-page");
    const { checkout } = await ada.open(3);
    const { account } = ada;
    await fault({ method: "post", path: "/v1/checkout/sessions", kind: "reset", phase: "after" });
    const page = got(await shop.buying.addCheckoutCard({ account, checkoutId: checkout.id }));
    const calls = await shop.stripe.look<{ path: string; method: string }[]>("/calls");
    const made = calls.filter(
      ({ path, method }) => path === "/v1/checkout/sessions" && method.toLowerCase() === "post",
    );
    expect(made.length).toBeGreaterThanOrEqual(2);
    expect(got(await shop.buying.addCheckoutCard({ account, checkoutId: checkout.id }))).toBe(page);
  });
});

test("a customer that was deleted at the gateway takes the cards along, and the account buys on as another", async () => {
  const ada = await aCustomer(shop, "was-deleted");
  const [card] = await ada.cards();
  await fetch(`${shop.stripe.url}/v1/customers/${card?.customerId}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
  });
  await wait(60_000);
  expect(await ada.cards()).toEqual([]);
  expect(await listAlerts(shop.operations.database)).toContainEqual(
    expect.objectContaining({ kind: "customer_deleted", accountId: ada.account.id, times: 1 }),
  );

  const newer = await ada.saveCard();
  expect(newer.customerId).not.toBe(card?.customerId);
  expect(got(await ada.pay(await ada.open(3))).checkout.status).toBe("complete");
  expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
});

test("a payment that is too late to be paid by its own clock is paid all the same if it succeeded", async () => {
  const ada = await aCustomer(shop, "approves-in-the-last-second", { card: asking });
  const asked = got(await ada.pay(await ada.open(3)));
  await ada.answerBank(asked, "approve");
  await wait(after(instant(0), purchaseSettings.openForMs));
  expect((await ada.look(asked.checkout.id)).checkout.status).toBe("complete");
  expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
});
