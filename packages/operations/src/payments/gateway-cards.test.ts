import { expect, test } from "vitest";
import { cardOf, cardPageOf } from "./gateway-cards.ts";

const method = {
  object: "payment_method",
  id: "pm_1",
  customer: "cus_1",
  card: { brand: "visa", last4: "4242", exp_month: 12, exp_year: 2034, fingerprint: "f1" },
  billing_details: { name: "Ada" },
};

const session = {
  object: "checkout.session",
  id: "cs_1",
  status: "complete",
  url: null,
  customer: "cus_1",
  metadata: { account_id: "acc_1" },
  client_secret: "cs_secret",
  setup_intent: {
    object: "setup_intent",
    status: "succeeded",
    payment_method: method,
    client_secret: "seti_secret",
  },
};

const visa = {
  id: "pm_1",
  customerId: "cus_1",
  brand: "visa",
  last4: "4242",
  expMonth: 12,
  expYear: 2034,
  fingerprint: "f1",
};

test("a card is what is shown of it, and whose it is", () => {
  expect(cardOf(method)).toEqual(visa);
  expect(cardOf({ ...method, customer: null })?.customerId).toBeNull();
});

test("what is no card is no answer", () => {
  const { card } = method;
  const odd = [
    { ...method, object: "source" },
    { ...method, card: null },
    { ...method, id: "" },
    { ...method, card: { ...card, last4: 4242 } },
    { ...method, card: { ...card, brand: null } },
    { ...method, card: { ...card, exp_year: "2034" } },
    { ...method, card: { ...card, exp_month: -1 } },
  ];
  expect(odd.map(cardOf)).toEqual(odd.map(() => null));
});

test("a page that is done names the card that was saved, and no secret", () => {
  expect(cardPageOf(session)).toEqual({
    id: "cs_1",
    url: null,
    status: "complete",
    customerId: "cus_1",
    setupStatus: "succeeded",
    card: visa,
    metadata: { account_id: "acc_1" },
  });
});

test("a card that is not saved yet is not named, even where it is known", () => {
  const waiting = { ...session.setup_intent, status: "requires_action" };
  expect(cardPageOf({ ...session, status: "open", setup_intent: waiting })).toMatchObject({
    setupStatus: "requires_action",
    card: null,
  });
  const named = cardPageOf({ ...session, status: "open", setup_intent: "seti_1" });
  expect(named).toMatchObject({ setupStatus: null, card: null });
});

test("a saved card that cannot be read is no answer, and neither is an odd page", () => {
  const unread = { ...session.setup_intent, payment_method: "pm_1" };
  expect(cardPageOf({ ...session, setup_intent: unread })).toBeNull();
  expect(cardPageOf({ ...session, status: null })).toBeNull();
  expect(cardPageOf({ ...session, object: "list" })).toBeNull();
  expect(cardPageOf({ ...session, url: "javascript:alert(1)" })?.url).toBeNull();
});
