/** The first look at a payment asks for little. What it must not miss is money that went back already. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openShop, type Shop } from "../testing/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

/** Somebody who paid on their bank's page and has not come back. */
async function paidAtTheBank(name: string) {
  const card = "pm_card_authenticationRequired";
  const { account, checkoutId, totalMinor } = await shop.readyToPay(name, { quantity: 10, card });
  const press = { account, checkoutId, expectedTotalMinor: totalMinor, orderedBy: "user_buyer" };
  const pressed = await shop.buying.finalizeCheckout(press);
  const topUp = pressed.ok ? pressed.value.topUp?.topUp : undefined;
  if (!topUp?.paymentIntentId) throw new Error("There is no payment.");
  const { id: topUpId, paymentIntentId } = topUp;
  await shop.stripe.control(`/challenges/${paymentIntentId}`, { answer: "approve" });
  return { accountId: account.id, topUpId, paymentIntentId, totalMinor };
}

test("whoever comes back has their credits after one call to the gateway", async () => {
  const { accountId, topUpId } = await paidAtTheBank("ada");
  const before = await shop.stripe.look<object[]>("/calls");
  await shop.buying.settleOpenTopUp(accountId);
  expect(await shop.state(topUpId)).toBe("paid");
  expect(await shop.available(accountId)).toBe(10);
  expect(await shop.stripe.look("/calls")).toHaveLength(before.length + 1);
});

test("a payment that was refunded before we heard of it leaves no credits", async () => {
  const { accountId, topUpId, paymentIntentId, totalMinor } = await paidAtTheBank("grace");
  // As somebody would in the dashboard, which knows nothing of us.
  await fetch(`${shop.stripe.url}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
    body: new URLSearchParams({ payment_intent: paymentIntentId, amount: String(totalMinor) }),
  });
  await shop.buying.settleOpenTopUp(accountId);
  expect(await shop.state(topUpId)).toBe("paid");
  expect(await shop.available(accountId)).toBe(0);
});

test("a payment that was disputed before we heard of it leaves its credits frozen", async () => {
  const { accountId, topUpId, paymentIntentId } = await paidAtTheBank("edsger");
  await shop.stripe.control("/disputes", { paymentIntent: paymentIntentId });
  await shop.buying.settleOpenTopUp(accountId);
  expect(await shop.state(topUpId)).toBe("paid");
  expect(await shop.available(accountId)).toBe(0);
});
