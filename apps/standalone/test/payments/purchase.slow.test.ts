/** Paying, and coming back or not, while the gateway tells us, or does not. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ASKS_THE_BANK, IS_DECLINED, WORKS } from "./buyer.ts";
import { bought, boughtNothing, onlyCharged } from "./outcome.ts";
import { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

describe("a customer who comes back from the bank", () => {
  test("case 1: pays once, gets the credits once, and one receipt by mail", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const { order, intentId } = await ada.leavesForTheBank();
    await world.comes(ada, boughtNothing("action_required"));
    await world.stripe.answerBank(intentId);
    expect(await ada.returns(order)).toMatchObject({ status: "complete", lastError: null });
    await world.ends(ada, bought());
    await expect.poll(() => world.mailsTo(ada), { timeout: 25_000 }).toHaveLength(1);
  });

  test("case 1: pays at once where no bank asks", async () => {
    const ada = await world.buyer(WORKS);
    expect(await ada.pays(25)).toMatchObject({ status: "complete", lastError: null });
    await world.ends(ada, bought(25));
  });

  test("case 3: is credited by coming back when the webhook is lost, and nothing changes when it comes after all", async () => {
    await world.stripe.tells({ action: "drop" });
    const ada = await world.buyer(ASKS_THE_BANK);
    const { order, intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    expect(await ada.returns(order)).toMatchObject({ status: "complete" });
    await world.ends(ada, bought());

    for (const { id } of await world.stripe.eventsAbout(intentId)) await world.stripe.redeliver(id);
    await world.ends(ada, bought());
  });

  test("case 6: is credited once when the webhook and 20 parallel returns arrive together", async () => {
    await world.stripe.tells({ action: "hold" });
    await world.stripe.tells({ action: "duplicate", count: 9 });
    const ada = await world.buyer(ASKS_THE_BANK);
    const { order, intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    await world.comes(ada, onlyCharged("action_required"));

    const returns = Array.from({ length: 20 }, () => ada.returns(order));
    const [, ...seen] = await Promise.all([world.stripe.release(), ...returns]);
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(["complete"]));
    await world.ends(ada, bought());
  });
});

describe("a customer who closes the window at the bank", () => {
  test("case 2: is credited by the webhook", async () => {
    const ada = await world.buyer(ASKS_THE_BANK);
    const { intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    await world.ends(ada, bought());
  });

  test("case 4: is credited within five minutes by asking the gateway when the webhook is lost as well", async () => {
    await world.stripe.tells({ action: "drop" });
    const ada = await world.buyer(ASKS_THE_BANK);
    const { intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    await world.comes(ada, onlyCharged("action_required"));
    await world.advance({ minutes: 5 });
    await world.ends(ada, bought());
  });

  test("case 5: is credited by the payment's id when the gateway never made an event of it", async () => {
    await world.stripe.tells({ action: "vanish" });
    const ada = await world.buyer(ASKS_THE_BANK);
    const { intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    expect(await world.stripe.eventsAbout(intentId)).toEqual([]);
    await world.comes(ada, onlyCharged("action_required"));
    await world.advance({ minutes: 5 });
    await world.ends(ada, bought());
  });
});

test("case 10: a decline that is told after another card has paid leaves the purchase paid", async () => {
  await world.stripe.tells({ types: ["payment_intent.payment_failed"], action: "hold" });
  const ada = await world.buyer(IS_DECLINED);
  const order = await ada.orders();
  const declined = await ada.presses(order);
  expect(declined).toMatchObject({ ok: true, data: { status: "open" } });
  await world.comes(ada, boughtNothing("awaiting_payment"));

  await ada.changesCard(order, WORKS);
  expect(await ada.presses(order)).toMatchObject({ ok: true, data: { status: "complete" } });
  await world.comes(ada, bought());
  await world.stripe.release();
  await world.ends(ada, bought());
});

describe("case 20: money that is not the money we asked for", () => {
  test.each([
    ["another amount", { amount: 100, amount_received: 100 }],
    ["another currency", { currency: "usd" }],
    ["another customer", { customer: "cus_of_somebody_else" }],
  ])("%s credits nothing and is put before a person", async (_, fields) => {
    await world.stripe.tells({ action: "drop" });
    const ada = await world.buyer(ASKS_THE_BANK);
    const { intentId } = await ada.leavesForTheBank();
    await world.stripe.answerBank(intentId);
    await world.stripe.control("POST", `/objects/${intentId}`, { fields });
    await world.stripe.redeliver((await world.stripe.successEventOf(intentId)).id);
    await world.ends(ada, onlyCharged("needs_review"));
    expect(await world.alertsFor(ada)).toEqual(["needs_review"]);
  });
});

test("two days of comparing with the gateway later all of it is as it was", () =>
  world.stillHolds());
