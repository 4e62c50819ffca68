/** The hosted pages, as a browser walks through them: forms are posted, redirects are looked at. */
import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testCards } from "./cards/test-cards.ts";
import { type Local, startLocal } from "./testing/contract-subject.ts";

const name = `Scans & <b>Co</b>`;
let local: Local;
let stripe: Stripe;
beforeAll(async () => {
  local = await startLocal({ businessName: name });
  stripe = local.client();
});
afterAll(() => local.close());
beforeEach(() => local.control("/reset"));

const open = async (url: string | null) => {
  const response = await fetch(url ?? "", { redirect: "manual" });
  return {
    status: response.status,
    to: response.headers.get("location"),
    ...(await read(response)),
  };
};
const submit = async (url: string | null, fields: Record<string, string>) => {
  const body = new URLSearchParams(fields);
  const response = await fetch(url ?? "", { method: "POST", body, redirect: "manual" });
  return {
    status: response.status,
    to: response.headers.get("location"),
    ...(await read(response)),
  };
};
const read = async (response: Response) => ({
  text: await response.text(),
  policy: response.headers.get("content-security-policy"),
});

const numberOf = (id: string) => testCards.find((card) => card.id === id)?.number ?? "";
const visa = numberOf("pm_card_visa");
const asking = numberOf("pm_card_authenticationRequired");

async function openSession() {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const session = await stripe.checkout.sessions.create({
    mode: "setup",
    customer: customer.id,
    currency: "eur",
    success_url: "https://shop.example/done?session_id={CHECKOUT_SESSION_ID}",
    cancel_url: "https://shop.example/cancel",
  });
  const cards = async () =>
    (await stripe.paymentMethods.list({ customer: customer.id, type: "card" })).data;
  const read = () => stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] });
  return { ...session, cards, read, done: `https://shop.example/done?session_id=${session.id}` };
}

describe("the page to add a card", () => {
  test("offers every test card, a way back and the banner; what is shown is escaped", async () => {
    const { url } = await openSession();
    const { status, text, policy } = await open(url);
    expect(status).toBe(200);
    for (const { number } of testCards) expect(text).toContain(`value="${number}"`);
    expect(text).toContain("test payments, no money moves");
    expect(text).toContain('href="https://shop.example/cancel"');
    expect(text).toContain("Scans &amp; &lt;b&gt;Co&lt;/b&gt;");
    expect(text).not.toContain("<script");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://shop.example");
  });

  test("saves a card, and a double click saves it once", async () => {
    const session = await openSession();
    const clicks = await Promise.all([1, 2].map(() => submit(session.url, { card: visa })));
    expect(clicks.map(({ status, to }) => [status, to])).toEqual([
      [303, session.done],
      [303, session.done],
    ]);
    const [card, ...more] = await session.cards();
    expect([card?.card?.last4, more]).toEqual(["4242", []]);
    expect(await session.read()).toMatchObject({
      status: "complete",
      url: null,
      setup_intent: { status: "succeeded", payment_method: card?.id },
      customer_details: { email: "ada@example.com" },
    });
    const types = (await stripe.events.list()).data.map(({ type }) => type);
    expect(types.filter((type) => type === "checkout.session.completed")).toHaveLength(1);
    expect((await open(session.url)).text).toContain("Card saved");
  });

  test("a typed number wins over the choice; one that is no test card is refused and forgotten", async () => {
    const session = await openSession();
    const typed = { card: visa, number: "5555 5555 5555 4444", expiry: "12/40" };
    const real = await submit(session.url, { ...typed, number: "4111 1111 1111 1111" });
    expect([real.status, real.text.includes("never enter a real one")]).toEqual([402, true]);
    expect((await submit(session.url, { ...typed, expiry: "12/20" })).text).toContain("expiration");
    expect((await submit(session.url, { ...typed, number: "4242424242424241" })).text).toContain(
      "card number is incorrect",
    );
    expect((await submit(session.url, typed)).to).toBe(session.done);
    expect((await session.cards())[0]?.card).toMatchObject({ last4: "4444", exp_year: 2040 });
  });

  test("a declined card is told, nothing is saved, and another one may be tried", async () => {
    const session = await openSession();
    const refused = await submit(session.url, { card: numberOf("pm_card_visa_chargeDeclined") });
    expect([refused.status, refused.text.includes("Your card was declined.")]).toEqual([402, true]);
    expect(await session.cards()).toEqual([]);
    expect((await submit(session.url, { card: visa })).to).toBe(session.done);
  });

  test("a card the bank asks about goes through the bank's page and is remembered as set up", async () => {
    const session = await openSession();
    const { to: bank } = await submit(session.url, {
      card: numberOf("pm_card_authenticationRequiredOnSetup"),
    });
    expect((await open(bank)).text).toContain("Confirm this card");
    const { to: back } = await submit(bank, { answer: "approve" });
    expect((await open(back)).to).toBe(session.done);
    const [card] = await session.cards();
    const paid = await stripe.paymentIntents.create({
      ...{ amount: 500, currency: "eur", customer: String(session.customer) },
      ...{ payment_method: card?.id ?? "", confirm: true, off_session: true },
    });
    expect(paid.status).toBe("succeeded");
  });

  test("a card that fails at the bank's page is not saved, and the page says so", async () => {
    const session = await openSession();
    const { to: bank } = await submit(session.url, { card: asking });
    const { to: back } = await submit(bank, { answer: "fail" });
    expect((await open(back)).text).toContain("unable to authenticate");
    expect(await session.cards()).toEqual([]);
  });

  test("an expired and an unknown session each have a page of their own", async () => {
    const session = await openSession();
    await local.control("/clock", { advanceSeconds: 24 * 3600 });
    const expired = await open(session.url);
    expect([expired.status, expired.text.includes("expired")]).toEqual([410, true]);
    expect((await submit(session.url, { card: visa })).status).toBe(410);
    expect((await session.read()).status).toBe("expired");
    expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(1);
    expect((await open(`${local.url}/pay/cs_test_nobody`)).status).toBe(404);
  });
});

describe("the bank's page", () => {
  async function waiting() {
    const { id: customer } = await stripe.customers.create();
    const card = "pm_card_authenticationRequired";
    const { id: payment_method } = await stripe.paymentMethods.attach(card, { customer });
    const intent = await stripe.paymentIntents.create({
      ...{ amount: 123_456, currency: "eur", customer, payment_method, confirm: true },
      return_url: "https://shop.example/back?top_up=1",
    });
    const read = () => stripe.paymentIntents.retrieve(intent.id);
    return {
      id: intent.id,
      payment_method,
      url: intent.next_action?.redirect_to_url?.url ?? "",
      read,
    };
  }

  test("shows the amount; approved, it pays and leads back with the intent", async () => {
    const intent = await waiting();
    expect((await open(intent.url)).text).toContain("€1,234.56");
    const { to } = await submit(intent.url, { answer: "approve" });
    const back = new URL(to ?? "");
    expect(back.origin + back.pathname).toBe("https://shop.example/back");
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      top_up: "1",
      payment_intent: intent.id,
      redirect_status: "succeeded",
    });
    expect((await intent.read()).status).toBe("succeeded");
  });

  test("answered twice, it pays once and leads back both times", async () => {
    const intent = await waiting();
    const answers = await Promise.all([1, 2].map(() => submit(intent.url, { answer: "approve" })));
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const charges = await stripe.charges.list({ payment_intent: intent.id });
    expect(charges.data).toHaveLength(1);
  });

  test("failed, the intent takes another card and says why", async () => {
    const intent = await waiting();
    const { to } = await submit(intent.url, { answer: "fail" });
    expect(new URL(to ?? "").searchParams.get("redirect_status")).toBe("failed");
    expect(await intent.read()).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code: "payment_intent_authentication_failure" },
    });
  });

  test("closed, nothing is decided, and the question can be answered later", async () => {
    const intent = await waiting();
    expect((await submit(intent.url, { answer: "close" })).text).toContain("Nothing was decided");
    expect((await intent.read()).status).toBe("requires_action");
    await submit(intent.url, { answer: "approve" });
    expect((await intent.read()).status).toBe("succeeded");
  });

  test("of an earlier attempt is worthless after a new one", async () => {
    const intent = await waiting();
    const again = await stripe.paymentIntents.confirm(intent.id, {
      payment_method: String(intent.payment_method),
      return_url: "https://shop.example/back",
    });
    await submit(intent.url, { answer: "approve" });
    expect((await intent.read()).status).toBe("requires_action");
    await submit(again.next_action?.redirect_to_url?.url ?? "", { answer: "approve" });
    expect((await intent.read()).status).toBe("succeeded");
  });

  test("of a canceled payment pays nothing", async () => {
    const intent = await waiting();
    await stripe.paymentIntents.cancel(intent.id);
    await submit(intent.url, { answer: "approve" });
    expect((await intent.read()).status).toBe("canceled");
  });
});

test("a receipt shows what was paid and what was refunded", async () => {
  const { id: customer } = await stripe.customers.create();
  const { id: payment_method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const paid = await stripe.paymentIntents.create({
    ...{ amount: 9900, currency: "usd", customer, payment_method, confirm: true },
    ...{ off_session: true, description: "<i>20 scans</i>", expand: ["latest_charge"] },
  });
  await stripe.refunds.create({ payment_intent: paid.id, amount: 1000 });
  const { text } = await open((paid.latest_charge as Stripe.Charge).receipt_url);
  expect(text).toContain("$99.00");
  expect(text).toContain("$10.00");
  expect(text).toContain("&lt;i&gt;20 scans&lt;/i&gt;");
  expect((await open(`${local.url}/receipts/ch_nobody`)).status).toBe(404);
});
