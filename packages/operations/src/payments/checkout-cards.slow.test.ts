/** Cards at the checkout: added on the gateway's page, refused there, kept, not kept, removed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aCustomer, type Customer, got, readThere } from "../testing/customer.ts";
import { openShop, type Shop } from "../testing/shop.ts";

const visa = "4242424242424242";
const asksOnSetup = "4000002500003155";
const declined = "4000000000000002";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const addCard = async ({ account }: Customer, checkoutId: string) =>
  got(await shop.buying.addCheckoutCard({ account, checkoutId }));

/** The customer types a card on the gateway's page. */
async function typeCard(page: string, card: string) {
  const body = new URLSearchParams({ card });
  const response = await fetch(page, { method: "POST", body, redirect: "manual" });
  const to = response.headers.get("location");
  return { status: response.status, text: await response.text(), to };
}

async function answerBankPage(page: string | null, answer: string): Promise<void> {
  const body = new URLSearchParams({ answer });
  await fetch(page ?? "", { method: "POST", body, redirect: "manual" });
}

const customerThere = async (paymentMethodId: string) =>
  (await readThere<{ customer: string | null }>(shop, `payment_methods/${paymentMethodId}`))
    .customer;

describe("a checkout of no credits", () => {
  test("saves the card and charges nothing", async () => {
    const ada = await aCustomer(shop, "only-saves", { card: null, isBilled: false });
    const { checkout, priced } = await ada.open(0);
    expect(priced.quote).toMatchObject({ quantity: 0, totalMinor: 0 });
    const { to } = await typeCard(await addCard(ada, checkout.id), visa);
    expect(to).toContain(`/checkout/billing?checkout=${checkout.id}&card=saved`);

    const back = await ada.look(checkout.id);
    expect(back.paymentMethod).toMatchObject({ last4: "4242", isDefault: true });
    expect(got(await ada.pay(back)).checkout).toMatchObject({ status: "complete", topUpId: null });
    expect(await ada.cards()).toHaveLength(1);
    expect(await ada.topUps()).toEqual([]);
    expect(await ada.paymentsThere()).toEqual([]);
    expect(await ada.books()).toEqual({ succeeded: 0, credits: 0 });
  });

  test("needs a card to save, and the total that was on the button", async () => {
    const ada = await aCustomer(shop, "saves-nothing", { card: null });
    const seen = await ada.open(5);
    const nothing = got(await ada.setQuantity(seen.checkout.id, 0));
    expect(await ada.pay(nothing)).toMatchObject({ refusal: { code: "payment_method_required" } });
    got(await ada.payWith(seen.checkout.id, await ada.saveCard()));
    // A tab that still shows five credits must not end an order of none as if it were paid.
    expect(await ada.pay(seen)).toMatchObject({ refusal: { code: "quote_changed" } });
    expect((await ada.look(seen.checkout.id)).checkout.status).toBe("open");
  });
});

describe("the page to add a card", () => {
  test("that says no saves nothing; another card on it is saved", async () => {
    const ada = await aCustomer(shop, "is-declined", { card: null });
    const { checkout } = await ada.open(3);
    const page = await addCard(ada, checkout.id);
    const refused = await typeCard(page, declined);
    expect(refused).toMatchObject({
      status: 402,
      text: expect.stringContaining("Your card was declined."),
    });
    const back = await ada.look(checkout.id);
    expect([back.paymentMethod, await ada.cards()]).toEqual([null, []]);
    expect(await ada.pay(back)).toMatchObject({ refusal: { code: "payment_method_required" } });

    expect(await addCard(ada, checkout.id)).toBe(page);
    await typeCard(page, visa);
    expect((await ada.look(checkout.id)).paymentMethod?.last4).toBe("4242");
    expect(await ada.cards()).toHaveLength(1);
  });

  test("whose authentication failed saves nothing; once it passes, the card is saved", async () => {
    const ada = await aCustomer(shop, "fails-to-authenticate", { card: null });
    const { checkout } = await ada.open(3);
    const page = await addCard(ada, checkout.id);
    const { to: bank } = await typeCard(page, asksOnSetup);
    await answerBankPage(bank, "fail");
    expect(await (await fetch(page)).text()).toMatch(/role="alert"/);
    expect((await ada.look(checkout.id)).paymentMethod).toBeNull();
    expect(await ada.cards()).toEqual([]);

    const { to: bankAgain } = await typeCard(page, asksOnSetup);
    await answerBankPage(bankAgain, "approve");
    expect((await ada.look(checkout.id)).paymentMethod?.last4).toBe("3155");
    expect(got(await ada.pay(await ada.look(checkout.id))).topUp).not.toBeNull();
  });

  test("whose customer never comes back tells by webhook, once", async () => {
    const ada = await aCustomer(shop, "never-comes-back", { card: null });
    const { checkout } = await ada.open(3);
    await typeCard(await addCard(ada, checkout.id), visa);
    await shop.deliver((count) => [...Array(count).keys()].flatMap((at) => [at, at]));
    expect(await ada.cards()).toHaveLength(1);
    expect((await ada.look(checkout.id)).paymentMethod?.last4).toBe("4242");
  });

  test("asked for again after a card was added keeps that card and is a new page", async () => {
    const ada = await aCustomer(shop, "adds-two", { card: null });
    const { checkout } = await ada.open(3);
    const page = await addCard(ada, checkout.id);
    await typeCard(page, visa);
    const next = await addCard(ada, checkout.id);
    expect(next).not.toBe(page);
    expect((await ada.cards()).map(({ last4 }) => last4)).toEqual(["4242"]);
    await typeCard(next, "5555555555554444");
    expect((await ada.look(checkout.id)).paymentMethod?.last4).toBe("4444");
    expect(await ada.cards()).toHaveLength(2);
  });

  test("is the same in two tabs, and a card added twice at once is saved once", async () => {
    const ada = await aCustomer(shop, "adds-in-two-tabs", { card: null });
    const { checkout } = await ada.open(3);
    const pages = await Promise.all([1, 2, 3].map(() => addCard(ada, checkout.id)));
    expect(new Set(pages).size).toBe(1);
    await Promise.all(pages.map((page) => typeCard(page, visa)));
    await Promise.all([1, 2, 3].map(() => ada.look(checkout.id)));
    await shop.deliver();
    expect(await ada.cards()).toHaveLength(1);
  });

  test("of an order that was paid meanwhile still saves the card, and changes nothing else", async () => {
    const ada = await aCustomer(shop, "adds-too-late");
    const order = await ada.open(3);
    const page = await addCard(ada, order.checkout.id);
    got(await ada.pay(order));
    await typeCard(page, "5555555555554444");
    await shop.deliver();
    expect(await ada.cards()).toHaveLength(2);
    expect((await ada.look(order.checkout.id)).paymentMethod?.last4).toBe("4242");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });
});

describe("a card that is not to be kept", () => {
  test("is gone with the payment, and the gateway lets go of it", async () => {
    const ada = await aCustomer(shop, "keeps-nothing");
    const [card] = await ada.cards();
    if (card === undefined) throw new Error("A card was saved.");
    const order = await ada.open(3);
    got(await ada.payWith(order.checkout.id, card, false));
    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    expect(await ada.cards()).toEqual([]);
    await shop.buying.sweep(100);
    expect(await customerThere(card.id)).toBeNull();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("stays for another try when the payment is declined", async () => {
    const ada = await aCustomer(shop, "keeps-until-paid", { card: "pm_card_chargeCustomerFail" });
    const [card] = await ada.cards();
    if (card === undefined) throw new Error("A card was saved.");
    const order = await ada.open(3);
    got(await ada.payWith(order.checkout.id, card, false));
    expect(got(await ada.pay(order)).topUp?.topUp.failure).not.toBeNull();
    expect(await ada.cards()).toHaveLength(1);
  });

  test("is the one the bank was asked about, not one chosen after", async () => {
    const ada = await aCustomer(shop, "chooses-after", { card: "pm_card_authenticationRequired" });
    const [asking] = await ada.cards();
    const other = await ada.saveCard("pm_card_mastercard");
    if (asking === undefined) throw new Error("A card was saved.");
    const order = await ada.open(3);
    got(await ada.payWith(order.checkout.id, asking, false));
    const asked = got(await ada.pay(order));
    expect(asked.topUp?.topUp.state).toBe("action_required");
    got(await ada.payWith(order.checkout.id, other, false));
    const answer = { answer: "approve" };
    await shop.stripe.control(`/challenges/${asked.topUp?.topUp.paymentIntentId}`, answer);
    expect((await ada.look(order.checkout.id)).checkout.status).toBe("complete");
    expect((await ada.cards()).map(({ id }) => id)).toEqual([other.id]);
  });

  test("is not another one chosen while the bank is being asked", async () => {
    const ada = await aCustomer(shop, "swaps-while-charging");
    const [first] = await ada.cards();
    const other = await ada.saveCard("pm_card_mastercard");
    if (first === undefined) throw new Error("A card was saved.");
    const order = await ada.open(3);
    got(await ada.payWith(order.checkout.id, first, false));
    await shop.stripe.control("/faults", {
      path: "/v1/payment_intents/*/confirm",
      kind: "json_502",
      phase: "after",
    });
    expect(got(await ada.pay(order)).topUp?.topUp.state).toBe("charging");
    expect(await ada.payWith(order.checkout.id, other, false)).toMatchObject({
      refusal: { code: "payment_in_progress" },
    });
    expect((await ada.look(order.checkout.id)).checkout.status).toBe("complete");
    expect((await ada.cards()).map(({ id }) => id)).toEqual([other.id]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });
});

describe("removing a card", () => {
  test("detaches it, makes another the default, and takes it out of an open order", async () => {
    const ada = await aCustomer(shop, "removes");
    const older = await ada.saveCard("pm_card_mastercard");
    const newest = await ada.saveCard("pm_card_amex");
    const order = await ada.open(3);
    expect(order.paymentMethod?.id).toBe(newest.id);
    const name = { accountId: ada.account.id, paymentMethodId: newest.id };
    got(await shop.buying.removeCard(name));
    expect(await customerThere(newest.id)).toBeNull();
    const cards = await ada.cards();
    expect(cards.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    expect(cards.map(({ id }) => id)).toContain(older.id);
    expect((await ada.look(order.checkout.id)).paymentMethod).toBeNull();
    expect(await ada.pay(order)).toMatchObject({ refusal: { code: "payment_method_required" } });
    // Removed is removed: a second time there is no such card.
    expect(await shop.buying.removeCard(name)).toMatchObject({
      refusal: { code: "payment_method_not_found" },
    });
  });

  test("works while the gateway is away; it hears of it later", async () => {
    const ada = await aCustomer(shop, "removes-offline");
    const [card] = await ada.cards();
    if (card === undefined) throw new Error("A card was saved.");
    await shop.stripe.control("/faults", {
      path: "/v1/payment_methods/*/detach",
      kind: "html_502",
      times: 3,
    });
    got(await shop.buying.removeCard({ accountId: ada.account.id, paymentMethodId: card.id }));
    expect(await ada.cards()).toEqual([]);
    expect(await customerThere(card.id)).not.toBeNull();
    await shop.buying.sweep(100);
    expect(await customerThere(card.id)).toBeNull();
  });
});
