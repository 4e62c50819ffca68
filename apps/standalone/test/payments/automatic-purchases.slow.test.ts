/** Automatic purchases when the credits run out, and what the customer, their card or their limit has to say about it. */
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { accepted, mutate, query } from "../support/call.ts";
import { bought, boughtNothing } from "./outcome.ts";
import { CONFIRM, CREATE } from "./stripe-side.ts";
import { Subscriber } from "./subscriber.ts";
import { World } from "./world.ts";

/** As long as a customer needs to think better of it. */
const SLOW_MS = 1_000;

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterEach(async () => {
  await world.stripe.behaves();
  await world.addsUp();
});
afterAll(() => world.end());

/** In the middle of a month, so that no test meets the end of one. */
async function isMidMonth(): Promise<void> {
  const now = new Date(await world.now());
  await world.advanceTo(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12));
}

test("case 31: an order of nothing with auto top-up saves the card and what was agreed to, and charges nothing until credits run out", async () => {
  const ada = await Subscriber.signUp(world, 1, null);
  const { person } = ada;
  const { checkoutId, totalMinor } = await ada.buyer.orders(0);
  expect(totalMinor).toBe(0);
  const saved = await ada.saves({ surface: "checkout" });
  expect(saved).toMatchObject({ enabled: true, status: "waiting_for_payment_method" });
  const { url } = await accepted(
    mutate<{ url: string }>(person, "checkout.addCard", { checkoutId }),
  );
  const card = new URLSearchParams({ number: "4242424242424242", expiry: "12 / 34", cvc: "737" });
  const typed = await fetch(url, { method: "POST", body: card, redirect: "manual" });
  expect(typed.headers.get("location")).toContain("card=saved");
  const back = await accepted(query<CheckoutView>(person, "checkout.get", { checkoutId }));
  expect(back).toMatchObject({ status: "open", paymentMethod: { last4: "4242" } });
  const finalized = { checkoutId, expectedTotalMinor: 0 };
  expect(
    await accepted(mutate<CheckoutView>(person, "checkout.finalize", finalized)),
  ).toMatchObject({ status: "complete" });
  await world.quiet();
  await world.comes(ada.buyer, boughtNothing());
  expect(await ada.intents()).toEqual([]);
  const { status, consent } = await ada.sees();
  expect(status).toBe("active");
  expect(consent).toMatchObject({ by: ada.buyer.name, surface: "checkout" });
  expect(consent?.sentence).toContain("10");
  const agreed = await world.rows(
    "SELECT surface, ip, quantity, total_minor FROM consents WHERE account_id = ?",
    ada.buyer.accountId,
  );
  const { totalMinor: total_minor } = await ada.sees();
  expect(agreed).toEqual([{ surface: "checkout", ip: "127.0.0.1", quantity: 10, total_minor }]);

  await ada.spends();
  await world.ends(ada.buyer, bought());
});

test("case 33: the debit that takes the last credit buys once, as was agreed to", async () => {
  const ada = await Subscriber.signUp(world, 2);
  await ada.saves();
  await ada.spends();
  await world.quiet();
  await world.comes(ada.buyer, boughtNothing());
  await ada.spends();
  await world.ends(ada.buyer, bought());
  await ada.hearsOf();
  expect(await ada.balance()).toBe(10);
  expect(await ada.intents()).toMatchObject([{ amount: (await ada.sees()).totalMinor }]);
  const [topUp] = await world.rows(
    `SELECT t.trigger, c.surface FROM top_ups t JOIN consents c ON c.id = t.consent_id
      WHERE t.account_id = ?`,
    ada.buyer.accountId,
  );
  expect(topUp).toEqual({ trigger: "out_of_credits", surface: "overview" });
});

describe("case 57: switched off while it is charged", () => {
  test("before the card is: the last look stops it, and the payment is canceled", async () => {
    const ada = await Subscriber.signUp(world);
    await ada.saves();
    const slow = { path: CREATE, kind: "delay", phase: "after", ms: SLOW_MS } as const;
    const { id } = await world.stripe.fails(slow);
    await ada.spends();
    await world.stripe.hasStruck(id);
    await ada.saves({ enabled: false });
    await world.ends(ada.buyer, boughtNothing("canceled"));
    expect(await ada.intents()).toMatchObject([{ status: "canceled" }]);
    expect(await ada.tries()).toEqual([]);
  });

  test("when the charge was sent: it settles, and nothing is bought after it", async () => {
    const ada = await Subscriber.signUp(world);
    await ada.saves();
    const slow = { path: CONFIRM, kind: "delay", phase: "after", ms: SLOW_MS } as const;
    const { id } = await world.stripe.fails(slow);
    await ada.spends();
    await world.stripe.hasStruck(id);
    expect(await ada.saves({ enabled: false })).toMatchObject({ status: "off" });
    await world.comes(ada.buyer, bought());
    await ada.spends(10);
    await world.advance({ hours: 2 });
    await world.ends(ada.buyer, bought());
  });
});

describe("case 58: a card that is gone at the gateway", () => {
  test("is charged no more; another one is, at once", async () => {
    const ada = await Subscriber.signUp(world);
    await ada.saves();
    await world.stripe.api(`/v1/payment_methods/${(await ada.card()).id}/detach`, {});
    await world.quiet();
    expect(await ada.sees()).toMatchObject({ status: "waiting_for_payment_method" });
    await ada.hearsOf("waiting_for_card");
    await ada.spends();
    await world.advance({ hours: 2 });
    await world.comes(ada.buyer, boughtNothing());
    expect(await ada.intents()).toEqual([]);
    await ada.hearsOf("waiting_for_card", "waiting_for_card");

    await ada.buyer.addCard("pm_card_mastercard");
    await world.ends(ada.buyer, bought());
  });

  test("with the customer it belonged to is charged no more, and a person is told", async () => {
    const ada = await Subscriber.signUp(world);
    await ada.saves();
    const before = await ada.buyer.customerId();
    await world.stripe.deletes(`/v1/customers/${before}`);
    await world.quiet();
    expect(await ada.sees()).toMatchObject({ status: "waiting_for_payment_method" });
    expect(await world.alertsFor(ada.buyer)).toEqual(["customer_deleted"]);
    await ada.hearsOf("waiting_for_card");
    await ada.spends();
    await world.advance({ hours: 2 });
    await world.comes(ada.buyer, boughtNothing());

    await ada.buyer.addCard("pm_card_visa");
    await world.ends(ada.buyer, bought());
    expect(await ada.buyer.customerId()).not.toBe(before);
  });
});

test("case 59: a card the bank replaced has its new number and date, and what was agreed to holds for it", async () => {
  const ada = await Subscriber.signUp(world);
  const { consent } = await ada.saves();
  const { id } = await ada.card();
  const replaced = { last4: "9876", expMonth: 7, expYear: 2040 };
  await world.stripe.control("POST", `/payment_methods/${id}/replace`, replaced);
  await world.quiet();
  expect(await ada.card()).toMatchObject({ id, ...replaced });
  expect(await ada.sees()).toMatchObject({ status: "active", consent });
  await ada.spends();
  await world.ends(ada.buyer, bought());
  const [topUp] = await world.rows<{ card: string }>(
    "SELECT card FROM top_ups WHERE account_id = ?",
    ada.buyer.accountId,
  );
  expect(JSON.parse(topUp?.card ?? "")).toMatchObject({ last4: "9876" });
});

test("case 60: what is over the limit of the month is not bought, until the limit is raised", async () => {
  await isMidMonth();
  const ada = await Subscriber.signUp(world);
  const { totalMinor } = await ada.sees();
  await ada.saves({ monthlyLimitMinor: totalMinor });
  await ada.spends();
  await world.comes(ada.buyer, bought());
  await ada.spends(10);
  await world.advance({ days: 2 });
  await world.comes(ada.buyer, bought());
  expect(await ada.tries()).toHaveLength(1);
  const seen = await ada.sees();
  expect(seen).toMatchObject({ status: "limit_reached", spentThisMonthMinor: totalMinor });
  expect(seen.until).toMatch(/-01T00:00:00/);
  await ada.hearsOf("limit_reached");

  await ada.saves({ monthlyLimitMinor: 2 * totalMinor });
  await world.ends(ada.buyer, {
    charges: 2,
    credits: [10, 10],
    topUps: ["paid", "paid"],
    invoices: 2,
    mails: ["receipt", "receipt"],
  });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
