import { findTopUp } from "@scanmeter/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openShop, type ReadyCheckout, type Shop } from "../testing/shop.ts";
import type { CheckoutState } from "./checkouts.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

async function pay({ account, checkoutId, totalMinor }: ReadyCheckout) {
  const expectedTotalMinor = totalMinor;
  const paid = await shop.buying.finalizeCheckout({
    account,
    checkoutId,
    expectedTotalMinor,
    orderedBy: "user_buyer",
  });
  if (!paid.ok) throw new Error(`Not paid: ${paid.refusal.code}`);
  return paid.value;
}

async function approveAtTheBank({ topUp }: CheckoutState) {
  await shop.stripe.control(`/challenges/${topUp?.topUp.paymentIntentId}`, { answer: "approve" });
}

test("paying grants the credits once and completes the checkout, before any webhook", async () => {
  const ready = await shop.readyToPay("anna", { quantity: 10 });
  const { checkout, topUp } = await pay(ready);
  expect(checkout.status).toBe("complete");
  expect(topUp?.topUp.state).toBe("paid");
  expect(await shop.available(ready.account.id)).toBe(10);

  expect(await shop.deliver()).toBeGreaterThan(0);
  expect(await shop.available(ready.account.id)).toBe(10);
  expect((await pay(ready)).checkout.status).toBe("complete");
  expect(await shop.available(ready.account.id)).toBe(10);
});

test("a double press of Pay is one payment", async () => {
  const before = await shop.succeededPayments();
  const ready = await shop.readyToPay("boris", { quantity: 3 });
  await Promise.all(Array.from({ length: 5 }, () => pay(ready)));
  await shop.deliver();
  expect(await shop.available(ready.account.id)).toBe(3);
  expect(await shop.succeededPayments()).toBe(before + 1);
});

test("after a decline another card pays the same purchase", async () => {
  const ready = await shop.readyToPay("carla", { quantity: 5, card: "pm_card_chargeCustomerFail" });
  const declined = await pay(ready);
  expect(declined.checkout.status).toBe("open");
  expect(declined.topUp?.topUp.state).toBe("awaiting_payment");
  expect(declined.topUp?.topUp.failure).not.toBeNull();

  const { account, checkoutId } = ready;
  const card = await shop.buying.addTestCard({ accountId: account.id, card: "pm_card_mastercard" });
  const paymentMethodId = card.ok ? card.value.id : "";
  await shop.buying.setCheckoutPayment({ account, checkoutId, paymentMethodId });
  const paid = await pay(ready);
  expect(paid.topUp?.topUp.id).toBe(declined.topUp?.topUp.id);
  expect(paid.checkout.status).toBe("complete");
  expect(await shop.available(account.id)).toBe(5);
});

test("an expected total that is not the price changes nothing", async () => {
  const { account, checkoutId } = await shop.readyToPay("dora", { quantity: 7 });
  const refused = await shop.buying.finalizeCheckout({
    account,
    checkoutId,
    expectedTotalMinor: 1,
    orderedBy: "user_buyer",
  });
  expect(refused).toMatchObject({ ok: false, refusal: { code: "quote_changed" } });
  expect(await shop.available(account.id)).toBe(0);
});

test("a card that asks for authentication sends the customer to the bank and settles on return", async () => {
  const card = "pm_card_authenticationRequired";
  const ready = await shop.readyToPay("emil", { quantity: 2, card });
  const { account, checkoutId } = ready;
  const asked = await pay(ready);
  expect(asked.topUp?.topUp.state).toBe("action_required");
  await approveAtTheBank(asked);
  const back = await shop.buying.getCheckout({ account, checkoutId });
  expect(back).toMatchObject({ ok: true, value: { checkout: { status: "complete" } } });
  expect(await shop.available(account.id)).toBe(2);
});

test("a webhook alone settles a payment whose customer never came back", async () => {
  const card = "pm_card_authenticationRequired";
  const ready = await shop.readyToPay("fritz", { quantity: 4, card });
  const asked = await pay(ready);
  await approveAtTheBank(asked);
  await shop.deliver((count) => [...Array(count).keys()].flatMap((at) => [at, at]).reverse());
  expect(await shop.available(ready.account.id)).toBe(4);
  const id = asked.topUp?.topUp.id ?? "";
  expect((await findTopUp(shop.operations.database, id))?.receipt?.bought).toBe(4);
});
