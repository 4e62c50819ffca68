/** Money that comes when nobody expects it any more, or twice, on a running product. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BackOffice, SOON } from "./back-office.ts";
import { ASKS_THE_BANK, type Buyer, WORKS } from "./buyer.ts";
import { bought, boughtNothing } from "./outcome.ts";
import { CONFIRM } from "./stripe-side.ts";
import { World } from "./world.ts";

const CANCEL = "/v1/payment_intents/*/cancel";

let world: World;
let office: BackOffice;
beforeAll(async () => {
  world = await World.begin();
  office = new BackOffice(world);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

/** A confirmation that nobody answers, and that moves no money. */
async function isLeftUnknown(buyer: Buyer) {
  await world.stripe.fails({ path: CONFIRM, kind: "error_500", times: 0 });
  const order = await buyer.orders();
  expect(await buyer.presses(order)).toMatchObject({ ok: true, data: { status: "processing" } });
  const { id: topUpId, intentId } = await buyer.topUp();
  return { ...order, topUpId, intentId: intentId ?? "" };
}

describe("case 61: a payment that succeeds while it is being cancelled settles as paid", () => {
  test("when the customer has cancelled", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const purchase = await office.isAtTheBank(ada);
    await world.stripe.tells({ action: "vanish" });
    await office.succeeds(purchase);
    expect(await office.cancels(ada, purchase)).toMatchObject({
      ok: false,
      error: { data: { refusal: { code: "checkout_closed", status: "complete" } } },
    });
    await world.ends(ada, bought());
  });

  test("when nobody could find out in a quarter of an hour what became of it", async () => {
    const ada = await world.buyer(WORKS);
    await world.stripe.tells({ action: "vanish" });
    const purchase = await isLeftUnknown(ada);
    // The cancellation is on its way when the money moves after all.
    await world.stripe.fails({ path: CANCEL, kind: "delay", phase: "before", ms: 2_000 });
    const isCancelling = () =>
      world.rows(
        `SELECT 1 FROM top_ups, json_each(attempts) one WHERE top_ups.id = ?
          AND one.value ->> 'action' = 'cancel'`,
        purchase.topUpId,
      );
    const advanced = world.advance({ minutes: 16 });
    await expect.poll(isCancelling, SOON).toHaveLength(1);
    await office.succeeds(purchase);
    await advanced;
    await world.ends(ada, bought());
  });
});

describe("case 62: money that comes after the purchase was given up is credited once", () => {
  test("when it was canceled, also if the customer has bought anew meanwhile", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const late = await office.isAtTheBank(ada);
    expect(await office.cancels(ada, late)).toMatchObject({ data: { status: "canceled" } });
    await world.comes(ada, boughtNothing("canceled"));
    await ada.addCard(WORKS);
    await office.buys(ada, 20);
    await office.succeeds(late);
    const topUps = ["paid", "paid"];
    const mails = ["receipt", "receipt"];
    await world.ends(ada, { charges: 2, credits: [20, 10], topUps, invoices: 2, mails });
  });

  test("when it had expired", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const late = await office.isAtTheBank(ada);
    await world.advance({ minutes: 31 });
    await world.comes(ada, boughtNothing("expired"));
    await office.succeeds(late);
    await world.ends(ada, bought());
  });

  test("when it had failed, even if nobody tells us and only a comparison finds out", async () => {
    const ada = await world.buyer(WORKS);
    const late = await isLeftUnknown(ada);
    await world.advance({ minutes: 16 });
    await world.comes(ada, boughtNothing("failed"));
    await world.stripe.tells({ action: "vanish" });
    await office.succeeds(late);
    expect(await office.ops("reconcile")).toMatchObject({ ok: true, result: { isComplete: true } });
    await world.ends(ada, bought());
  });
});

test("case 63: of two payments for one purchase the first is credited, the second refunded whole, and somebody is told", async () => {
  const ada = await world.buyer();
  const purchase = await office.buys(ada);
  const second = await world.stripe.api<{ id: string; status: string }>("/v1/payment_intents", {
    amount: String(purchase.totalMinor),
    currency: "eur",
    customer: (await ada.customerId()) ?? "",
    payment_method: "pm_card_visa",
    "allowed_payment_method_types[]": "card",
    confirm: "true",
    return_url: "https://scanmeter.test/",
    "metadata[top_up_id]": purchase.topUpId,
    "metadata[account_id]": ada.accountId,
  });
  expect(second).toMatchObject({ status: "succeeded" });
  await world.quiet();
  const another = { ...purchase, intentId: second.id };
  await expect
    .poll(() => office.refundsThere(another), SOON)
    .toMatchObject([{ amount: purchase.totalMinor, status: "succeeded" }]);
  expect(await office.refundsThere(purchase)).toEqual([]);
  const untouched = { available: 10, frozen: 0, debt: 0, settlement: "none" };
  expect(await office.stands(ada, purchase)).toEqual(untouched);
  expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 0 });
  expect(await office.alerts(ada)).toMatchObject([{ kind: "duplicate_payment" }]);
  await world.ends(ada, { ...bought(), charges: 2 });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
