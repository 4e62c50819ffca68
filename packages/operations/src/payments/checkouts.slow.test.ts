/**
 * Everything a customer can do between two tabs, a back button and a slow bank. Whatever it is, what
 * was charged at the other end and what was credited here are counted.
 */
import { instant } from "@scanmeter/core";
import { purchaseSettings } from "@scanmeter/core/purchase";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aCustomer, got, readThere } from "../testing/customer.ts";
import { aBilling, openShop, type Shop } from "../testing/shop.ts";
import { StandingClock } from "../testing/test-deps.ts";

const asking = "pm_card_authenticationRequired";
const declining = "pm_card_chargeCustomerFail";
const MINUTE_MS = 60_000;

let clock: StandingClock;
let shop: Shop;
beforeAll(async () => {
  clock = new StandingClock(instant(Date.now()));
  shop = await openShop({ clock });
});
afterAll(() => shop.close());

/** What is on its way arrives first, for later its signature would be too old. */
async function wait(ms: number): Promise<void> {
  await shop.deliver();
  clock.advance(ms);
  await shop.stripe.control("/clock", { to: clock.now() });
}

const statusThere = async (id: string | null | undefined) =>
  (await readThere<{ status: string }>(shop, `payment_intents/${id}`)).status;

describe("an abandoned checkout", () => {
  test("expires after its time, charges nothing, and can be ordered anew", async () => {
    const ada = await aCustomer(shop, "abandons", { card: declining });
    const order = await ada.open(10);
    const declined = got(await ada.pay(order));
    expect(declined.topUp?.topUp.state).toBe("awaiting_payment");

    await wait(purchaseSettings.openForMs + MINUTE_MS);
    await shop.buying.sweep(100);
    const [expired] = await ada.topUps();
    expect(expired?.topUp.state).toBe("expired");
    expect(await statusThere(expired?.topUp.paymentIntentId)).toBe("canceled");
    expect(await ada.books()).toEqual({ succeeded: 0, credits: 0 });

    const { checkout } = order;
    got(await ada.payWith(checkout.id, await ada.saveCard()));
    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
    expect((await ada.topUps()).map(({ topUp }) => topUp.state)).toEqual(["expired", "paid"]);
  });

  test("is paid by a late press too, although nobody has swept it up yet", async () => {
    const ada = await aCustomer(shop, "comes-late", { card: declining });
    const order = await ada.open(3);
    const declined = got(await ada.pay(order));
    await wait(purchaseSettings.openForMs + MINUTE_MS);

    got(await ada.payWith(order.checkout.id, await ada.saveCard()));
    const paid = got(await ada.pay(order));
    expect(paid.checkout.status).toBe("complete");
    expect(await statusThere(declined.topUp?.topUp.paymentIntentId)).toBe("canceled");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });

  test("whose bank's page is left open can no longer be paid there", async () => {
    const ada = await aCustomer(shop, "leaves-the-bank", { card: asking });
    const asked = got(await ada.pay(await ada.open(3)));
    await wait(purchaseSettings.openForMs + MINUTE_MS);
    await shop.buying.sweep(100);
    await ada.answerBank(asked, "approve");
    await shop.deliver();
    expect((await ada.look(asked.checkout.id)).topUp?.topUp.state).toBe("expired");
    expect(await ada.books()).toEqual({ succeeded: 0, credits: 0 });
  });
});

describe("after paying", () => {
  test("the back button and another press of Pay find it paid", async () => {
    const ada = await aCustomer(shop, "goes-back");
    const order = await ada.open(5);
    const paid = got(await ada.pay(order));
    expect(got(await ada.pay(order)).topUp?.topUp).toEqual(paid.topUp?.topUp);
    expect((await ada.look(order.checkout.id)).checkout.status).toBe("complete");
    const { id } = order.checkout;
    const closed = { ok: false, refusal: { code: "checkout_closed", status: "complete" } };
    expect(await ada.setQuantity(id, 6)).toEqual(closed);
    expect(await shop.buying.cancelCheckout({ account: ada.account, checkoutId: id })).toEqual(
      closed,
    );
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 5 });
  });

  test("opening the same order with its key again answers with the paid one", async () => {
    const ada = await aCustomer(shop, "submits-again");
    const order = await ada.open(5, "the-same-key");
    got(await ada.pay(order));
    const again = await ada.open(5, "the-same-key");
    expect(again.checkout).toMatchObject({ id: order.checkout.id, status: "complete" });
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 5 });
  });
});

describe("an order that is submitted twice", () => {
  test("at once is one checkout", async () => {
    const ada = await aCustomer(shop, "double-submits");
    const opened = await Promise.all(Array.from({ length: 5 }, () => ada.open(2, "one-key")));
    expect(new Set(opened.map(({ checkout }) => checkout.id)).size).toBe(1);
  });

  test("with another quantity under the same key is refused", async () => {
    const ada = await aCustomer(shop, "reuses-a-key");
    const { account } = ada;
    await ada.open(2, "a-key");
    const other = await shop.buying.openCheckout({ account, quantity: 3, idempotencyKey: "a-key" });
    expect(other).toMatchObject({ ok: false, refusal: { code: "idempotency_key_reused" } });
  });
});

describe("two tabs with one checkout", () => {
  test("that press Pay at the same moment make one payment", async () => {
    const ada = await aCustomer(shop, "two-tabs");
    const order = await ada.open(4);
    await Promise.all(Array.from({ length: 6 }, () => ada.pay(order)));
    expect((await ada.look(order.checkout.id)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
    expect(await ada.paymentsThere()).toHaveLength(1);
  });

  test("meet at one bank's page, and one approval is one payment", async () => {
    const ada = await aCustomer(shop, "two-tabs-at-the-bank", { card: asking });
    const order = await ada.open(4);
    const [first] = await Promise.all([ada.pay(order), ada.pay(order)]);
    const asked = await ada.look(order.checkout.id);
    expect(got(first).checkout.id).toBe(asked.checkout.id);
    await ada.answerBank(asked, "approve");
    await Promise.all([
      ada.look(order.checkout.id),
      ada.look(order.checkout.id),
      ada.pay(order),
      shop.deliver(),
    ]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
  });

  test("the second is led to the bank's page of the first, which stays worth answering", async () => {
    const ada = await aCustomer(shop, "follows-to-the-bank", { card: asking });
    const order = await ada.open(4);
    const first = got(await ada.pay(order));
    const second = got(await ada.pay(order));
    expect(second.topUp?.topUp.redirectUrl).toBe(first.topUp?.topUp.redirectUrl);
    expect(second.topUp?.topUp.attempts).toHaveLength(2);
    await fetch(first.topUp?.topUp.redirectUrl ?? "", {
      method: "POST",
      body: new URLSearchParams({ answer: "approve" }),
      redirect: "manual",
    });
    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
  });

  test("one that gave up at the bank and chose another card is charged on that one only", async () => {
    const ada = await aCustomer(shop, "changes-the-card", { card: asking });
    const order = await ada.open(4);
    const asked = got(await ada.pay(order));
    got(await ada.payWith(order.checkout.id, await ada.saveCard()));
    expect(got(await ada.pay(order)).checkout.status).toBe("complete");
    await ada.answerBank(asked, "approve").catch(() => {});
    await shop.deliver();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
  });

  test("a bank that said no is followed by another try, with the same card or another", async () => {
    const ada = await aCustomer(shop, "fails-at-the-bank", { card: asking });
    const order = await ada.open(4);
    const asked = got(await ada.pay(order));
    await ada.answerBank(asked, "fail");
    const again = got(await ada.pay(order));
    expect(again.topUp?.topUp).toMatchObject({
      id: asked.topUp?.topUp.id,
      state: "action_required",
    });
    expect(again.topUp?.topUp.redirectUrl).not.toBe(asked.topUp?.topUp.redirectUrl);
    await ada.answerBank(again, "approve");
    expect((await ada.look(order.checkout.id)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
  });

  test("a quantity changed in the second ends what the first had begun to pay", async () => {
    const ada = await aCustomer(shop, "changes-the-quantity", { card: asking });
    const order = await ada.open(4);
    const asked = got(await ada.pay(order));
    const changed = got(await ada.setQuantity(order.checkout.id, 7));
    expect(await statusThere(asked.topUp?.topUp.paymentIntentId)).toBe("canceled");
    await ada.answerBank(asked, "approve");

    expect(await ada.pay(order)).toMatchObject({ ok: false, refusal: { code: "quote_changed" } });
    const askedAgain = got(await ada.pay(changed));
    await ada.answerBank(askedAgain, "approve");
    await ada.look(order.checkout.id);
    await shop.deliver();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 7 });
    expect((await ada.topUps()).map(({ topUp }) => topUp.state)).toEqual(["canceled", "paid"]);
  });

  test("a quantity changed after the bank's approval is too late: the first one is paid, and only it", async () => {
    const ada = await aCustomer(shop, "changes-too-late", { card: asking });
    const order = await ada.open(4);
    await ada.answerBank(got(await ada.pay(order)), "approve");
    expect(await ada.setQuantity(order.checkout.id, 7)).toEqual({
      ok: false,
      refusal: { code: "checkout_closed", status: "complete" },
    });
    expect((await ada.look(order.checkout.id)).checkout).toMatchObject({
      status: "complete",
      quantity: 4,
    });
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
  });

  test("a quantity changed while Pay is pressed charges what was on the button, or nothing", async () => {
    for (let round = 0; round < 5; round += 1) {
      const ada = await aCustomer(shop, `races-${round}`);
      const order = await ada.open(4);
      await Promise.all([ada.pay(order), ada.setQuantity(order.checkout.id, 7)]);
      await shop.deliver();
      const { checkout, priced } = await ada.look(order.checkout.id);
      const { succeeded, credits } = await ada.books();
      expect([
        { succeeded: 1, credits: 4 },
        { succeeded: 0, credits: 0 },
      ]).toContainEqual({ succeeded, credits });
      // What the page says of a complete checkout is what was paid.
      if (checkout.status === "complete") expect(checkout.quantity).toBe(4);
      else expect(priced.quote.quantity).toBe(7);
    }
  });
});

describe("two checkouts of one account", () => {
  test("the later one is paid; the earlier payment is canceled at the gateway first", async () => {
    const ada = await aCustomer(shop, "orders-twice", { card: asking });
    const first = await ada.open(4);
    const asked = got(await ada.pay(first));
    const second = await ada.open(9);
    const askedSecond = got(await ada.pay(second));
    expect(await statusThere(asked.topUp?.topUp.paymentIntentId)).toBe("canceled");
    await ada.answerBank(asked, "approve");
    await ada.answerBank(askedSecond, "approve");
    await shop.deliver();
    expect((await ada.look(first.checkout.id)).topUp?.topUp.state).toBe("canceled");
    expect((await ada.look(second.checkout.id)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 9 });
  });

  test("when the earlier one had been approved meanwhile, it is paid and the later is not charged", async () => {
    const ada = await aCustomer(shop, "approves-then-orders", { card: asking });
    const first = await ada.open(4);
    await ada.answerBank(got(await ada.pay(first)), "approve");
    await ada.saveCard();
    const second = await ada.open(9);
    expect(await ada.pay(second)).toMatchObject({ refusal: { code: "payment_in_progress" } });
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 4 });
    expect((await ada.look(first.checkout.id)).checkout.status).toBe("complete");
    // Who still wants the second as well presses once more, knowing of the first.
    expect(got(await ada.pay(second)).checkout.status).toBe("complete");
    expect(await ada.books()).toEqual({ succeeded: 2, credits: 13 });
  });

  test("pressed at the same moment charge and credit what was said to be paid, and nothing else", async () => {
    const ada = await aCustomer(shop, "presses-both");
    const [first, second] = [await ada.open(2), await ada.open(3)];
    const [one, other] = await Promise.all([ada.pay(first), ada.pay(second)]);
    await shop.deliver();
    const { succeeded, credits } = await ada.books();
    const paid = [one, other].filter((is) => is.ok && is.value.checkout.status === "complete");
    expect(succeeded).toBe(paid.length);
    expect(credits).toBe(
      paid.reduce((sum, is) => sum + (is.ok ? is.value.checkout.quantity : 0), 0),
    );
  });
});

describe("the price", () => {
  test.each([0, 1, -1, 9_499, 99_999_999])(
    "is the server's: %i instead of it changes nothing",
    async (expectedTotalMinor) => {
      const ada = await aCustomer(shop, `tampers-${expectedTotalMinor}`);
      const { checkout, priced } = await ada.open(10);
      const command = {
        account: ada.account,
        checkoutId: checkout.id,
        expectedTotalMinor,
        orderedBy: "user_buyer",
      };
      expect(await shop.buying.finalizeCheckout(command)).toEqual({
        ok: false,
        refusal: { code: "quote_changed", totalMinor: priced.quote.totalMinor, currency: "EUR" },
      });
      expect(await ada.topUps()).toEqual([]);
      expect(await ada.paymentsThere()).toEqual([]);
    },
  );

  test("follows the country and the VAT id until Pay is pressed, and is never changed without a word", async () => {
    const ada = await aCustomer(shop, "moves");
    const order = await ada.open(10);
    expect(order.priced.quote).toMatchObject({ taxMinor: 1_805, totalMinor: 11_305 });
    await ada.bill({ company: "Ada Lda", taxId: "PT501964843" });
    expect(await ada.pay(order)).toEqual({
      ok: false,
      refusal: { code: "quote_changed", totalMinor: 9_500, currency: "EUR" },
    });
    const reverse = await ada.look(order.checkout.id);
    await ada.bill({ address: { ...aBilling.address, country: "DE" } });
    expect(await ada.pay(reverse)).toMatchObject({ refusal: { totalMinor: 11_305 } });
    await ada.bill({ address: { ...aBilling.address, country: "US" } });
    const abroad = await ada.look(order.checkout.id);
    expect(got(await ada.pay(abroad)).checkout.status).toBe("complete");
    expect((await ada.paymentsThere()).map(({ amount }) => amount)).toEqual([9_500]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("that changes after a decline is a new payment; the old one is canceled", async () => {
    const ada = await aCustomer(shop, "moves-after-a-decline", { card: declining });
    const order = await ada.open(10);
    got(await ada.pay(order));
    await ada.bill({ address: { ...aBilling.address, country: "US" } });
    got(await ada.payWith(order.checkout.id, await ada.saveCard()));
    expect(await ada.pay(order)).toMatchObject({ refusal: { code: "quote_changed" } });
    got(await ada.pay(await ada.look(order.checkout.id)));
    const payments = (await ada.paymentsThere()).map(({ status, amount }) => [status, amount]);
    expect(payments.sort()).toEqual([
      ["canceled", 11_305],
      ["succeeded", 9_500],
    ]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });
});

describe("billing details", () => {
  test("changed between a decline and the next try are on the purchase and its invoice", async () => {
    const ada = await aCustomer(shop, "renames", { card: declining });
    const order = await ada.open(5);
    const declined = got(await ada.pay(order));
    expect(declined.topUp?.billing).toEqual(aBilling);
    const renamed = { ...aBilling, name: "Ada Other", email: "other@example.test" };
    await ada.bill(renamed);
    got(await ada.payWith(order.checkout.id, await ada.saveCard()));
    const paid = got(await ada.pay(order));
    expect(paid.topUp?.topUp.id).toBe(declined.topUp?.topUp.id);
    expect((await ada.topUps())[0]?.billing).toEqual(renamed);
    expect(await shop.operations.listInvoices(ada.account.id)).toHaveLength(1);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 5 });
  });

  test("are asked for before anything is charged", async () => {
    const ada = await aCustomer(shop, "is-nobody-yet", { isBilled: false });
    expect(await ada.pay(await ada.open(5))).toMatchObject({
      refusal: { code: "billing_required" },
    });
    expect(await ada.paymentsThere()).toEqual([]);
  });
});
