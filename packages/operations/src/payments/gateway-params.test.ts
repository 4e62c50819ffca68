import { credits, idOf, instant, minor } from "@scanmeter/core";
import { openTopUp, type TopUp } from "@scanmeter/core/purchase";
import { expect, test } from "vitest";
import {
  cancelParams,
  cardPageParams,
  confirmOffSessionParams,
  confirmOnSessionParams,
  customerParams,
  paymentParams,
  refundParams,
} from "./gateway-params.ts";

/** So many credits at ten euros each, ordered at some instant. */
function topUpOf(quantity: number, orderedAt = 0): TopUp {
  const order = {
    id: "top_1" as TopUp["id"],
    accountId: idOf("account", "customer"),
    trigger: "manual",
    triggerKey: "manual:1",
    customerId: "cus_1",
    livemode: false,
    terms: {
      quantity: credits(quantity),
      currency: "EUR",
      priceListVersion: "2026-1",
      unitPriceMinor: minor(1000),
      discountPercent: 0,
      cap: null,
      tax: { treatment: "outside_eu", basisPoints: 0 },
    },
  } as const;
  return openTopUp(order, instant(orderedAt));
}

// Sent twice, a call has to be the same to the letter, so the letters are what is held here.
test("a payment is for the total of its row, and the same to the letter whenever it is asked for", () => {
  const text =
    '{"amount":4000,"currency":"eur","customer":"cus_1","allowed_payment_method_types":["card"],' +
    '"description":"4 scan credits","metadata":{"top_up_id":"top_1","account_id":"acc_customer"}}';
  expect([paymentParams(topUpOf(4)), paymentParams(topUpOf(4, 9_999))]).toEqual([text, text]);
  expect(paymentParams(topUpOf(1))).toContain('"1 scan credit"');
});

test("with the customer present, a confirmation says where they come back to", () => {
  const confirm = { paymentMethodId: "pm_1", returnUrl: "https://shop.example/back" };
  expect(confirmOnSessionParams(confirm)).toBe(
    '{"payment_method":"pm_1","return_url":"https://shop.example/back","expand":["latest_charge"]}',
  );
});

test("without the customer, a confirmation never waits for them and says what the card was kept for", () => {
  expect(confirmOffSessionParams({ paymentMethodId: "pm_1" })).toBe(
    '{"payment_method":"pm_1","off_session":true,"error_on_requires_action":true,' +
      '"payment_method_options":{"card":{"stored_credential_usage":"unscheduled"}},' +
      '"expand":["latest_charge"]}',
  );
});

test("a cancellation says who wanted it, as far as the gateway has words for that", () => {
  expect((["canceled", "expired", "failed"] as const).map(cancelParams)).toEqual([
    '{"cancellation_reason":"requested_by_customer"}',
    '{"cancellation_reason":"abandoned"}',
    '{"cancellation_reason":"abandoned"}',
  ]);
});

test("a refund carries our own id, by which its lost answer is found, and the purchase's", () => {
  expect(refundParams({ refundId: "rfd_1", topUpId: "top_1", amountMinor: 250 })).toBe(
    '{"amount":250,"reason":"requested_by_customer","metadata":{"refund_id":"rfd_1","top_up_id":"top_1"}}',
  );
});

test("a customer is known by the company, else by name, and their tax id stays with us", () => {
  const address = { line1: "1 Way", city: "Lisbon", postalCode: "1000", country: "PT" };
  const billing = {
    name: "Ada",
    company: "Scans Lda",
    email: "ada@scans.example",
    address: { ...address, line2: null, state: null },
    taxId: "PT123456789",
  };
  expect(customerParams(billing)).toEqual({
    name: "Scans Lda",
    email: "ada@scans.example",
    address: { line1: "1 Way", city: "Lisbon", postal_code: "1000", country: "PT" },
  });
  expect(customerParams({ ...billing, company: null }).name).toBe("Ada");
});

test("a page to add a card takes cards only, and page and card name whose they are", () => {
  const page = cardPageParams({
    customerId: "cus_1",
    currency: "EUR",
    successUrl: "https://shop.example/done",
    cancelUrl: "https://shop.example/cancel",
    metadata: { checkout_id: "chk_1" },
  });
  expect(page).toMatchObject({
    mode: "setup",
    currency: "eur",
    allowed_payment_method_types: ["card"],
    metadata: { checkout_id: "chk_1" },
    setup_intent_data: { metadata: { checkout_id: "chk_1" } },
  });
});
