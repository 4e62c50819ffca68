/**
 * What the product may rely on, said once and true of both: of the real Stripe, where
 * STRIPE_SECRET_KEY holds a test key, and of the local one otherwise. A difference between the two is
 * a mistake of the local one.
 */
import Stripe from "stripe";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "./endpoints.ts";
import {
  connectSubject,
  isReal,
  publishedDocument,
  type Subject,
} from "./testing/contract-subject.ts";
import { isDocumentHere, readPublishedCards } from "./testing/published-document.ts";

let subject: Subject;
let stripe: Stripe;
let checked = 0;

beforeAll(async () => {
  if (!isDocumentHere)
    console.warn(
      "The published description of Stripe's API is not beside the repository (../shared/stripe): only what the tests name is checked, not every shape.",
    );
  subject = await connectSubject();
  stripe = subject.stripe;
});
afterAll(() => subject.close());

// Every exchange of every test, whatever else the test is about.
afterEach(() => {
  const exchanges = subject.exchanges.slice(checked);
  checked = subject.exchanges.length;
  for (const exchange of exchanges.filter(({ status }) => status === 200))
    expect(exchange.answer).toMatchObject({ object: expect.any(String) });
  if (publishedDocument === null) return;
  const violations = exchanges.flatMap((exchange) => publishedDocument?.violationsOf(exchange));
  expect(violations).toEqual([]);
});

const newCustomer = () =>
  stripe.customers.create({ name: "Contract", email: "contract@example.com" });

async function customerWith(card: string) {
  const customer = await newCustomer();
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  return { customer: customer.id, method: method.id };
}

const newIntent = (customer: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount: 1234,
    currency: "eur",
    customer,
    allowed_payment_method_types: ["card"],
    ...more,
  });

const offSession = (payment_method: string): Stripe.PaymentIntentConfirmParams => ({
  payment_method,
  off_session: true,
  error_on_requires_action: true,
  payment_method_options: { card: { stored_credential_usage: "unscheduled" } },
});

async function payWith(card: string) {
  const { customer, method } = await customerWith(card);
  const intent = await newIntent(customer);
  return stripe.paymentIntents.confirm(intent.id, offSession(method));
}

async function errorOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error("the call was not refused by Stripe");
}

const anyKey = () => `contract-${crypto.randomUUID()}`;

describe("customers", () => {
  test("a customer keeps what it was given, and a change keeps the rest", async () => {
    const made = await stripe.customers.create({
      name: "Ada",
      email: "ada@example.com",
      address: { line1: "Street 1", city: "Berlin", postal_code: "10115", country: "DE" },
      metadata: { account_id: "acc_1" },
    });
    const changed = await stripe.customers.update(made.id, {
      metadata: { env: "test" },
      phone: "+49",
    });
    expect(changed).toMatchObject({ name: "Ada", metadata: { account_id: "acc_1", env: "test" } });
    expect(changed.address?.line2).toBeNull();
  });

  test("a deleted customer can be asked for, and says that it is deleted", async () => {
    const { id } = await newCustomer();
    await stripe.customers.del(id);
    expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
  });

  test("tax ids are listed with the customer, and can be taken away", async () => {
    const { id } = await stripe.customers.create({
      tax_id_data: [{ type: "eu_vat", value: "DE123456789" }],
    });
    const second = await stripe.customers.createTaxId(id, {
      type: "eu_vat",
      value: "FRAB123456789",
    });
    expect((await stripe.customers.listTaxIds(id)).data.map(({ value }) => value)).toEqual([
      "FRAB123456789",
      "DE123456789",
    ]);
    await stripe.customers.deleteTaxId(id, second.id);
    expect((await stripe.customers.listTaxIds(id)).data).toHaveLength(1);
  });

  test("a card of another customer cannot become the default", async () => {
    const { method } = await customerWith("pm_card_visa");
    const { id } = await newCustomer();
    const error = await errorOf(
      stripe.customers.update(id, { invoice_settings: { default_payment_method: method } }),
    );
    expect(error).toMatchObject({ statusCode: 400, code: "resource_missing" });
  });

  test("a page of a list ends where the next one begins", async () => {
    const customer = await newCustomer();
    for (let n = 0; n < 3; n++) await newIntent(customer.id, { amount: 100 + n });
    const all = await stripe.paymentIntents.list({ customer: customer.id });
    const first = await stripe.paymentIntents.list({ customer: customer.id, limit: 2 });
    const last = first.data.at(-1)?.id ?? "";
    const second = await stripe.paymentIntents.list({
      customer: customer.id,
      starting_after: last,
    });
    const back = await stripe.paymentIntents.list({
      customer: customer.id,
      ending_before: second.data[0]?.id ?? "",
    });
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(
      all.data.map(({ id }) => id),
    );
    expect(back.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
  });
});

describe("saved cards", () => {
  test("a test card is attached, listed, and gone after it is detached", async () => {
    const { customer, method } = await customerWith("pm_card_mastercard");
    const listed = await stripe.paymentMethods.list({ customer, type: "card" });
    expect(listed.data).toMatchObject([
      { id: method, card: { brand: "mastercard", last4: "4444" } },
    ]);
    await stripe.paymentMethods.detach(method);
    expect((await stripe.customers.listPaymentMethods(customer)).data).toEqual([]);
  });

  test("a detached card never pays again", async () => {
    const { customer, method } = await customerWith("pm_card_visa");
    await stripe.paymentMethods.detach(method);
    const intent = await newIntent(customer);
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method)));
    expect(error).toMatchObject({ statusCode: 400, type: "StripeInvalidRequestError" });
    const again = await errorOf(stripe.paymentMethods.attach(method, { customer }));
    expect(again.statusCode).toBe(400);
  });

  test("a card pays only for the customer it belongs to", async () => {
    const { method } = await customerWith("pm_card_visa");
    const stranger = await newCustomer();
    const intent = await newIntent(stranger.id);
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method)));
    expect(error.statusCode).toBe(400);
  });

  test("the same card of two customers has the same fingerprint", async () => {
    const [one, other] = [await customerWith("pm_card_visa"), await customerWith("pm_card_visa")];
    const cards = await Promise.all(
      [one, other].map(({ method }) => stripe.paymentMethods.retrieve(method)),
    );
    expect(cards[0]?.card?.fingerprint).toBe(cards[1]?.card?.fingerprint);
    expect(cards[0]?.id).not.toBe(cards[1]?.id);
  });

  test("a plain decline card cannot be attached", async () => {
    const { id: customer } = await newCustomer();
    const error = await errorOf(
      stripe.paymentMethods.attach("pm_card_visa_chargeDeclinedLostCard", { customer }),
    );
    expect(error).toMatchObject({
      type: "StripeCardError",
      code: "card_declined",
      decline_code: "lost_card",
    });
  });

  test("a set-up keeps the card; one the bank wants to ask about waits for the customer", async () => {
    const { id: customer } = await newCustomer();
    const setup = { customer, allowed_payment_method_types: ["card" as const], confirm: true };
    const kept = await stripe.setupIntents.create({ ...setup, payment_method: "pm_card_visa" });
    expect(kept.status).toBe("succeeded");
    const waiting = await stripe.setupIntents.create({
      ...setup,
      payment_method: "pm_card_authenticationRequiredOnSetup",
      return_url: "https://example.com/back",
    });
    expect(waiting.status).toBe("requires_action");
    expect(waiting.next_action?.redirect_to_url?.return_url).toBe("https://example.com/back");
    expect((await stripe.setupIntents.cancel(waiting.id)).status).toBe("canceled");
    expect((await stripe.paymentMethods.list({ customer, type: "card" })).data).toHaveLength(1);
  });

  test("a set-up with a card that declines saves nothing and says why", async () => {
    const { id: customer } = await newCustomer();
    const error = await errorOf(
      stripe.setupIntents.create({
        customer,
        allowed_payment_method_types: ["card"],
        confirm: true,
        payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds",
      }),
    );
    expect(error).toMatchObject({ statusCode: 402, decline_code: "insufficient_funds" });
    expect((await stripe.paymentMethods.list({ customer, type: "card" })).data).toEqual([]);
  });
});

describe("payments", () => {
  test("an intent is created unconfirmed, then confirmed without the customer, and has one charge", async () => {
    const { customer, method } = await customerWith("pm_card_visa");
    const intent = await newIntent(customer, { metadata: { top_up_id: "top_1" } });
    expect(intent).toMatchObject({ status: "requires_payment_method", amount_received: 0 });
    const paid = await stripe.paymentIntents.confirm(intent.id, {
      ...offSession(method),
      expand: ["latest_charge"],
    });
    expect(paid).toMatchObject({
      status: "succeeded",
      amount_received: 1234,
      currency: "eur",
      customer,
      livemode: false,
      metadata: { top_up_id: "top_1" },
      latest_charge: { paid: true, status: "succeeded", amount: 1234 },
    });
    const charges = await stripe.charges.list({ payment_intent: intent.id });
    expect(charges.data).toHaveLength(1);
    expect(charges.data[0]?.receipt_url).toMatch(/^https?:\/\//);
  });

  test("an intent created with confirm is paid at once", async () => {
    const { customer, method } = await customerWith("pm_card_visa");
    const paid = await newIntent(customer, {
      payment_method: method,
      confirm: true,
      off_session: true,
    });
    expect(paid.status).toBe("succeeded");
  });

  test("a second confirmation with another key says that it is paid", async () => {
    const paid = await payWith("pm_card_visa");
    const error = await errorOf(
      stripe.paymentIntents.confirm(paid.id, { payment_method: "pm_card_visa" }),
    );
    expect(error).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
    expect(error.payment_intent?.status).toBe("succeeded");
  });

  test("a paid intent cannot be canceled, and a canceled one cannot be paid", async () => {
    const paid = await payWith("pm_card_visa");
    expect(await errorOf(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    const { customer, method } = await customerWith("pm_card_visa");
    const intent = await newIntent(customer);
    const canceled = await stripe.paymentIntents.cancel(intent.id, {
      cancellation_reason: "abandoned",
    });
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" });
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method)));
    expect(error.code).toBe("payment_intent_unexpected_state");
  });

  test("a decline names its codes, leaves a failed charge, and the intent takes another card", async () => {
    const { customer, method } = await customerWith("pm_card_chargeCustomerFail");
    const intent = await newIntent(customer);
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method)));
    expect(error).toMatchObject({
      statusCode: 402,
      type: "StripeCardError",
      code: "card_declined",
      decline_code: "generic_decline",
      payment_intent: { id: intent.id, status: "requires_payment_method", payment_method: null },
    });
    const charges = await stripe.charges.list({ payment_intent: intent.id });
    expect(charges.data).toMatchObject([{ status: "failed", paid: false }]);
    const good = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const paid = await stripe.paymentIntents.confirm(intent.id, offSession(good.id));
    expect(paid).toMatchObject({ status: "succeeded", last_payment_error: null });
  });

  test("a decline carries the network's advice in its raw form", async () => {
    const { id: customer } = await newCustomer();
    const intent = await newIntent(customer);
    const error = await errorOf(
      stripe.paymentIntents.confirm(intent.id, {
        payment_method: "pm_card_visa_chargeDeclinedStolenCard",
        return_url: "https://example.com/back",
      }),
    );
    expect((error.raw as { advice_code?: string }).advice_code).toBe("do_not_try_again");
  });

  test("without the customer, a card that must ask is declined as authentication_required", async () => {
    const { customer, method } = await customerWith("pm_card_authenticationRequired");
    const intent = await newIntent(customer);
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method)));
    expect(error).toMatchObject({
      statusCode: 402,
      code: "authentication_required",
      decline_code: "authentication_required",
      payment_intent: { status: "requires_payment_method" },
    });
  });

  test("with the customer, the same intent waits behind a redirect", async () => {
    const { customer, method } = await customerWith("pm_card_authenticationRequired");
    const intent = await newIntent(customer);
    const waiting = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: method,
      return_url: "https://example.com/back",
    });
    expect(waiting).toMatchObject({
      status: "requires_action",
      next_action: {
        type: "redirect_to_url",
        redirect_to_url: { return_url: "https://example.com/back" },
      },
    });
    expect((await stripe.paymentIntents.cancel(intent.id)).status).toBe("canceled");
  });

  test("a stored card's use cannot be declared together with setting it up", async () => {
    const { customer, method } = await customerWith("pm_card_visa");
    const intent = await newIntent(customer);
    const error = await errorOf(
      stripe.paymentIntents.confirm(intent.id, {
        ...offSession(method),
        setup_future_usage: "off_session",
      }),
    );
    expect(error.statusCode).toBe(400);
  });
});

describe("the published test cards", () => {
  const cards = isDocumentHere ? readPublishedCards() : [];
  const paying = cards.filter(({ attach, charge }) => attach !== false && charge === "succeeds");
  const refused = cards.filter(
    ({ attach, charge, payment_method }) =>
      attach === false && charge === "declines" && payment_method !== null,
  );

  test.each(paying.map(({ payment_method }) => payment_method ?? ""))("%s pays", async (card) => {
    expect((await payWith(card)).status).toBe("succeeded");
  });

  test.each(refused)("$payment_method is declined as $code, $decline_code", async (card) => {
    const { id: customer } = await newCustomer();
    const id = card.payment_method ?? "";
    const intent = await newIntent(customer);
    const confirmation = { payment_method: id, return_url: "https://example.com/back" };
    const error = await errorOf(stripe.paymentIntents.confirm(intent.id, confirmation));
    const { decline_code } = card;
    expect(error).toMatchObject({ code: card.code, ...(decline_code && { decline_code }) });
    const attached = await errorOf(stripe.paymentMethods.attach(id, { customer }));
    expect(attached).toMatchObject({ statusCode: 402, code: card.code });
  });

  test("a payment that is too risky is blocked, not only declined", async () => {
    const error = await errorOf(payWith("pm_card_radarBlock"));
    expect(error.statusCode).toBe(402);
    const charge = await stripe.charges.retrieve(String((error.raw as { charge: string }).charge));
    expect(charge.outcome).toMatchObject({ type: "blocked", reason: "highest_risk_level" });
  });
});

describe("refunds", () => {
  test("a payment is refunded in parts, up to its amount", async () => {
    const { id: payment_intent } = await payWith("pm_card_visa");
    const first = await stripe.refunds.create({ payment_intent, amount: 1000 });
    expect(first).toMatchObject({ status: "succeeded", amount: 1000 });
    const tooMuch = await errorOf(stripe.refunds.create({ payment_intent, amount: 235 }));
    expect(tooMuch.statusCode).toBe(400);
    await stripe.refunds.create({ payment_intent });
    const again = await errorOf(stripe.refunds.create({ payment_intent }));
    expect(again.code).toBe("charge_already_refunded");
    const charge = (await stripe.charges.list({ payment_intent })).data[0];
    expect(charge).toMatchObject({ refunded: true, amount_refunded: 1234 });
    expect((await stripe.refunds.list({ payment_intent })).data).toHaveLength(2);
  });

  test("a slow refund starts pending", async () => {
    const { id: payment_intent } = await payWith("pm_card_pendingRefund");
    const refund = await stripe.refunds.create({ payment_intent });
    expect(refund.status).toBe("pending");
    expect((await stripe.refunds.retrieve(refund.id)).amount).toBe(1234);
  });

  test("an intent that was not paid has nothing to refund", async () => {
    const customer = await newCustomer();
    const intent = await newIntent(customer.id);
    const error = await errorOf(stripe.refunds.create({ payment_intent: intent.id }));
    expect(error.statusCode).toBe(400);
  });
});

describe("sessions to add a card", () => {
  const open = async (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) => {
    const customer = await newCustomer();
    return stripe.checkout.sessions.create({
      mode: "setup",
      ui_mode: "hosted_page",
      customer: customer.id,
      currency: "eur",
      success_url: "https://example.com/done?session_id={CHECKOUT_SESSION_ID}",
      cancel_url: "https://example.com/cancel",
      setup_intent_data: { metadata: { account_id: "acc_1" } },
      ...more,
    });
  };

  test("an open session has an address, a set-up intent, and no payment", async () => {
    const session = await open();
    expect(session).toMatchObject({
      status: "open",
      mode: "setup",
      payment_intent: null,
      payment_status: "no_payment_required",
    });
    expect(session.url).toMatch(/^https?:\/\//);
    const { setup_intent } = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["setup_intent"],
    });
    expect(setup_intent).toMatchObject({ metadata: { account_id: "acc_1" } });
  });

  test("a session is expired once, and has no address then", async () => {
    const session = await open();
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({
      status: "expired",
      url: null,
    });
    expect((await errorOf(stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
  });

  test("a session lives between half an hour and a day", async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await errorOf(open({ expires_at: now + 60 }))).statusCode).toBe(400);
    expect((await open({ expires_at: now + 31 * 60 })).expires_at).toBe(now + 31 * 60);
  });
});

describe("events", () => {
  test("a payment is told by events that can be listed by type, newest first", async () => {
    const paid = await payWith("pm_card_visa");
    const types = ["payment_intent.succeeded", "charge.succeeded"];
    const { data } = await stripe.events.list({ types, limit: 10 });
    const ours = data.filter(({ data: { object } }) =>
      [paid.id, paid.latest_charge].includes((object as { id: string }).id),
    );
    expect(ours.map(({ type }) => type)).toEqual(types);
    const [event] = ours;
    expect(event).toMatchObject({ api_version: "2026-10-28.endive", livemode: false });
    if (publishedDocument) expect(publishedDocument.violationsOfEvent(event)).toEqual([]);
    expect((await stripe.events.retrieve(event?.id ?? "")).id).toBe(event?.id);
  });

  test("an event names the key of the request it came from", async () => {
    const idempotencyKey = anyKey();
    const { id } = await stripe.customers.create({ name: "Key" }, { idempotencyKey });
    const { data } = await stripe.events.list({ type: "customer.created", limit: 5 });
    const ours = data.find(({ data: { object } }) => (object as { id: string }).id === id);
    expect(ours?.request?.idempotency_key).toBe(idempotencyKey);
  });
});

describe("idempotency", () => {
  test("the same key and parameters give the first answer again, marked as a replay", async () => {
    const customer = await newCustomer();
    const idempotencyKey = anyKey();
    const create = () =>
      stripe.paymentIntents.create(
        { amount: 500, currency: "eur", customer: customer.id },
        { idempotencyKey },
      );
    const [first, second] = [await create(), await create()];
    expect(second.id).toBe(first.id);
    expect(subject.exchanges.slice(-2).map(({ isReplay }) => isReplay)).toEqual([false, true]);
  });

  test("the same key with other parameters is refused", async () => {
    const idempotencyKey = anyKey();
    await stripe.customers.create({ name: "One" }, { idempotencyKey });
    const error = await errorOf(stripe.customers.create({ name: "Other" }, { idempotencyKey }));
    expect(error).toMatchObject({ statusCode: 400, type: "StripeIdempotencyError" });
  });

  test("a decline is replayed too: a new attempt needs a new key", async () => {
    const { customer, method } = await customerWith("pm_card_chargeCustomerFail");
    const intent = await newIntent(customer);
    const idempotencyKey = anyKey();
    const confirm = () =>
      errorOf(stripe.paymentIntents.confirm(intent.id, offSession(method), { idempotencyKey }));
    const [first, second] = [await confirm(), await confirm()];
    expect([first.statusCode, second.statusCode]).toEqual([402, 402]);
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  test("what was refused as malformed does not use the key up", async () => {
    const idempotencyKey = anyKey();
    const bad = { amount: 500 } as unknown as Stripe.PaymentIntentCreateParams;
    expect((await errorOf(stripe.paymentIntents.create(bad, { idempotencyKey }))).code).toBe(
      "parameter_missing",
    );
    const good = { amount: 500, currency: "eur" };
    expect((await stripe.paymentIntents.create(good, { idempotencyKey })).amount).toBe(500);
  });
});

describe("refusals", () => {
  const create = (params: Record<string, unknown>) =>
    errorOf(
      stripe.paymentIntents.create({
        amount: 500,
        currency: "eur",
        ...params,
      } as unknown as Stripe.PaymentIntentCreateParams),
    );

  test.each([
    [{ colour: "red" }, { code: "parameter_unknown", param: "colour" }],
    [{ amount: "5.5" }, { code: "parameter_invalid_integer", param: "amount" }],
    [{ amount: 0 }, { code: "parameter_invalid_integer", param: "amount" }],
    [{ amount: 49 }, { code: "amount_too_small" }],
    [{ amount: 100_000_000 }, { code: "amount_too_large" }],
    [{ currency: "euro" }, { param: "currency" }],
    [{ description: "" }, { code: "parameter_invalid_empty", param: "description" }],
    [
      { payment_method_types: ["card"] },
      { code: "payment_method_types_no_longer_supported", param: "payment_method_types" },
    ],
    [{ customer: "cus_nobody" }, { code: "resource_missing", param: "customer" }],
    [{ metadata: { key: "x".repeat(501) } }, { param: "metadata[key]" }],
  ])("%j is refused with %j", async (params, refusal) => {
    expect(await create(params)).toMatchObject({ statusCode: 400, ...refusal });
  });

  test("an unknown id is a 404 with resource_missing", async () => {
    const error = await errorOf(stripe.paymentIntents.retrieve("pi_nobody"));
    expect(error).toMatchObject({ statusCode: 404, code: "resource_missing" });
  });

  test("an unknown address is refused with an error, not answered with bare JSON", async () => {
    const error = await errorOf(stripe.rawRequest("GET", "/v1/nothing_here"));
    expect(error).toMatchObject({ statusCode: 404, type: "StripeInvalidRequestError" });
  });
});

describe.skipIf(isReal || publishedDocument === null)("the local Stripe", () => {
  test("accepts no parameter that the published document does not know", () => {
    const unknown = endpoints.flatMap(({ method, path, shape }) => {
      const known = publishedDocument?.parametersOf(method, path);
      if (known == null) return [`${method} ${path}`];
      const names = Object.keys(shape).filter((name) => name !== "expand");
      return names.filter((name) => !known.includes(name)).map((name) => `${path} ${name}`);
    });
    expect(unknown).toEqual([]);
  });
});
