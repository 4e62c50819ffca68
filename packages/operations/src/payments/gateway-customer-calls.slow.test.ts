/** Customers and their cards, with the hosted page posted as a browser would. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type GatewayTrial, got, startGatewayTrial, submit } from "../testing/gateway-trial.ts";

let trial: GatewayTrial;
beforeAll(async () => {
  trial = await startGatewayTrial();
});
afterAll(() => trial?.close());
beforeEach(() => trial.reset());

describe("a customer", () => {
  test("is one, however often the creation is sent", async () => {
    const create = () => trial.gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" });
    expect(got(await create())).toEqual(got(await create()));
  });

  test("is told of a changed address, and one nobody knows is missing", async () => {
    const { customerId } = await trial.aCustomer("pm_card_visa");
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
    expect(await trial.gateway.updateCustomer(customerId, billing)).toEqual({
      is: "value",
      value: { id: customerId },
    });
    expect(await trial.gateway.updateCustomer("cus_nobody", billing)).toEqual({ is: "missing" });
  });
});

describe("the page to add a card", () => {
  const openPage = async (key = "cs-1") => {
    const { id: customerId } = got(
      await trial.gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" }),
    );
    const page = await trial.gateway.openCardPage({
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
    const done = got(await trial.gateway.readCardPage(page.id));
    expect(done).toMatchObject({
      url: null,
      status: "complete",
      setupStatus: "succeeded",
      card: { customerId, brand: "visa", last4: "4242" },
    });
    expect(got(await trial.gateway.readCard(done.card?.id ?? ""))).toEqual(done.card);
  });

  test("names no card while the bank is asked, nor after a decline", async () => {
    const { page } = await openPage();
    const bank = await submit(page.url, { card: "4000002500003155" });
    const asked = got(await trial.gateway.readCardPage(page.id));
    expect(asked).toMatchObject({ status: "open", setupStatus: "requires_action", card: null });
    await submit(bank, { answer: "fail" });
    await submit(page.url, { card: "4000000000000002" });
    expect(got(await trial.gateway.readCardPage(page.id)).card).toBeNull();
  });

  test("is over after a day, and one nobody opened is missing", async () => {
    const { page } = await openPage();
    await trial.local.control("/clock", { advanceSeconds: 86_400 });
    expect(got(await trial.gateway.readCardPage(page.id))).toMatchObject({
      status: "expired",
      url: null,
      card: null,
    });
    expect(await trial.gateway.readCardPage("cs_test_nobody")).toEqual({ is: "missing" });
  });
});

describe("a saved card", () => {
  test("belongs to nobody once it is detached, and pays nothing any more", async () => {
    const payment = await trial.aPayment();
    const card = { paymentMethodId: payment.cardId, key: "detach-1" };
    expect(got(await trial.gateway.detachCard(card)).customerId).toBeNull();
    expect(got(await trial.gateway.readCard(payment.cardId)).customerId).toBeNull();
    expect((await payment.confirm()).is).toBe("rejected");
  });

  test("that the bank declines is not saved, and the refusal says why", async () => {
    const { customerId } = await trial.aCustomer("pm_card_visa");
    const card = { paymentMethodId: "pm_card_visa_chargeDeclinedLostCard", customerId, key: "a" };
    expect(await trial.gateway.attachCard(card)).toMatchObject({
      is: "rejected",
      failure: { declineCode: "lost_card" },
    });
  });
});
