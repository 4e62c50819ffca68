/** Automatic purchases the bank wants to ask the customer about, who answers by the link of the mail, otherwise, or never. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ASKS_THE_BANK } from "./buyer.ts";
import { bought, boughtNothing } from "./outcome.ts";
import { Subscriber } from "./subscriber.ts";
import { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterEach(() => world.addsUp());
afterAll(() => world.end());

async function isAsked(): Promise<Subscriber> {
  const ada = await Subscriber.signUp(world, 1, ASKS_THE_BANK);
  await ada.saves();
  await ada.spends();
  await world.comes(ada.buyer, boughtNothing("action_required"));
  const { id: topUpId } = await ada.buyer.topUp();
  const asks = { status: "needs_authentication", wayOut: "authenticate", topUpId };
  expect(await ada.sees()).toMatchObject(asks);
  await ada.hearsOf("top_up_needs_authentication");
  return ada;
}

test("case 52: answered by the link is one charge of the same payment, and automatic purchases go on", async () => {
  const ada = await isAsked();
  const intentId = await ada.buyer.intentId();
  await ada.readsInMail(new RegExp(`/top-ups/${(await ada.buyer.topUp()).id}/confirm`));
  const { nextAction } = await ada.opensLink();
  expect(nextAction).toMatchObject({ type: "redirect" });
  await world.stripe.answerBank(intentId);
  expect(await ada.returns()).toMatchObject({ state: "paid" });
  await world.comes(ada.buyer, bought());
  expect(await ada.intents()).toMatchObject([{ id: intentId, status: "succeeded" }]);
  expect(await ada.opensLink()).toMatchObject({ nextAction: null });
  expect(await ada.sees()).toMatchObject({ status: "active", reason: null });

  await ada.buyer.addCard("pm_card_visa");
  await ada.spends(10);
  await world.advance({ hours: 1 });
  const twice = { charges: 2, credits: [10, 10], topUps: ["paid", "paid"] };
  await world.ends(ada.buyer, { ...twice, invoices: 2, mails: ["receipt", "receipt"] });
});

test("case 53: the link opened twice, in two browsers, leads to one page of the bank and is one charge", async () => {
  const ada = await isAsked();
  const browsers = [ada.person, await ada.otherBrowser()];
  // Of two at the same moment one may find the other at it, and is led there when it presses again.
  const atOnce = await Promise.all(browsers.map((browser) => ada.pressesLink(browser)));
  for (const answer of atOnce.filter(({ ok }) => !ok))
    expect(answer).toMatchObject({ error: { data: { refusal: { code: "payment_in_progress" } } } });
  const after = await Promise.all(browsers.map((browser) => ada.pressesLink(browser)));
  const urlOf = (answer: (typeof after)[number]) =>
    (answer.ok && answer.data.nextAction?.url) || "";
  const [url = ""] = after.map(urlOf);
  expect(url).toMatch(/^http/);
  expect(after.map(urlOf)).toEqual([url, url]);
  expect(new Set(atOnce.map(urlOf).filter((one) => one !== ""))).toEqual(new Set([url]));
  const approve = () =>
    fetch(url, {
      method: "POST",
      body: new URLSearchParams({ answer: "approve" }),
      redirect: "manual",
    });
  await Promise.all([approve(), approve()]);
  await Promise.all([ada.returns(), ada.returns()]);
  await world.ends(ada.buyer, bought());
  expect(await ada.intents()).toMatchObject([{ status: "succeeded" }]);
});

test("case 54: the customer buys by hand instead: that payment is canceled before, and one is charged", async () => {
  const ada = await isAsked();
  const asked = await ada.buyer.intentId();
  const { order, intentId } = await ada.buyer.leavesForTheBank();
  expect(await world.stripe.intent(asked)).toMatchObject({ status: "canceled" });
  await world.stripe.answerBank(intentId);
  expect(await ada.buyer.returns(order)).toMatchObject({ status: "complete" });
  await world.ends(ada.buyer, { ...bought(), topUps: ["canceled", "paid"] });
  expect(await ada.sees()).toMatchObject({ status: "active" });
});

test("case 55: never answered ends after 72 hours without a charge, and suspends", async () => {
  const ada = await isAsked();
  await world.advance({ hours: 71 });
  await world.comes(ada.buyer, boughtNothing("action_required"));
  await world.advance({ hours: 1 });
  await world.comes(ada.buyer, boughtNothing("canceled"));
  expect(await ada.intents()).toMatchObject([{ status: "canceled" }]);
  expect(await ada.sees()).toMatchObject({
    status: "suspended",
    reason: "authentication_unanswered",
  });
  expect(await ada.opensLink()).toMatchObject({ nextAction: null });
  await world.advance({ days: 5 });
  await world.ends(ada.buyer, boughtNothing("canceled"));
  await ada.hearsOf("top_up_needs_authentication", "auto_top_up_suspended");
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
