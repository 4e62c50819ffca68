/** Automatic purchases whose card is declined: tried again when that can help, and stopped when it cannot. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { IS_DECLINED, WORKS } from "./buyer.ts";
import { bought, boughtNothing } from "./outcome.ts";
import { Subscriber } from "./subscriber.ts";
import { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterEach(() => world.addsUp());
afterAll(() => world.end());

/** Ran out of credits, and their card was declined. */
async function isDeclined(...verdicts: readonly (string | object)[]): Promise<Subscriber> {
  const ada = await Subscriber.signUp(world);
  await ada.saves();
  await ada.cardAnswers(...verdicts);
  await ada.spends();
  return ada;
}

test("case 48: for want of money, is tried again a day later on the same payment, and charged once", async () => {
  const ada = await isDeclined("insufficient_funds", "approve");
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  expect(await ada.sees()).toMatchObject({ status: "active", reason: "retrying" });
  await world.advance({ hours: 23, minutes: 59 });
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  expect(await ada.tries()).toHaveLength(1);
  await world.advance({ minutes: 1 });
  await world.ends(ada.buyer, bought());

  expect(await ada.intents()).toMatchObject([{ status: "succeeded" }]);
  const tries = await ada.tries();
  expect(tries.map(({ status }) => status)).toEqual([402, 200]);
  expect(new Set(tries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  expect(await ada.hoursOfTries()).toEqual([0, 24]);
  await ada.hearsOf("top_up_declined");
});

test("case 49: four times, ends the purchase and suspends until the card changes, with a mail for each step", async () => {
  const ada = await Subscriber.signUp(world, 1, IS_DECLINED);
  await ada.saves();
  await ada.spends();
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  await world.advance({ hours: 121 });
  await world.comes(ada.buyer, boughtNothing("failed"));
  expect(await ada.hoursOfTries()).toEqual([0, 24, 72, 120]);
  expect(await ada.tries()).toHaveLength(4);
  expect(await ada.intents()).toMatchObject([{ status: "canceled" }]);
  expect(await ada.sees()).toMatchObject({ status: "suspended", reason: "retries_exhausted" });
  const mails = ["top_up_declined", "top_up_declined", "top_up_declined", "top_up_failed"] as const;
  await ada.hearsOf(...mails);

  await world.advance({ days: 10 });
  await world.comes(ada.buyer, boughtNothing("failed"));
  await ada.buyer.addCard(WORKS);
  await world.ends(ada.buyer, { ...bought(), topUps: ["failed", "paid"] });
  await ada.hearsOf(...mails);
});

describe("case 50: for good", () => {
  test.each([
    ["a lost card", "lost_card"],
    ["a stolen card", "stolen_card"],
    [
      "the advice not to try again",
      { code: "card_declined", decline_code: "generic_decline", advice_code: "do_not_try_again" },
    ],
  ])("with %s is tried once and suspends, in words that name no theft", async (_, verdict) => {
    const ada = await isDeclined(verdict);
    await world.comes(ada.buyer, boughtNothing("failed"));
    await world.advance({ days: 10 });
    expect(await ada.sees()).toMatchObject({
      status: "suspended",
      reason: "card_refused",
      wayOut: "change_card",
    });
    // Saving once more is no way around the bank's word.
    await ada.saves();
    await world.advance({ hours: 2 });
    await world.ends(ada.buyer, boughtNothing("failed"));
    expect(await ada.tries()).toHaveLength(1);
    expect(await ada.intents()).toMatchObject([{ status: "canceled" }]);
    await ada.hearsOf("top_up_failed");
    expect(await ada.readsInMail(/card/)).not.toMatch(/lost|stolen|theft|fraud/i);
  });
});

test("case 51: too often for today, is left alone for a day", async () => {
  const ada = await isDeclined({ code: "card_decline_rate_limit_exceeded" }, "approve");
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  await world.advance({ hours: 23 });
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  expect(await ada.tries()).toHaveLength(1);
  await world.advance({ hours: 1 });
  await world.ends(ada.buyer, bought());
  await ada.hearsOf("top_up_declined");
});

test("case 56: while it waits for its next try and the customer buys by hand, is not tried again", async () => {
  const ada = await isDeclined("insufficient_funds");
  await world.comes(ada.buyer, boughtNothing("retry_wait"));
  expect(await ada.buyer.pays(3)).toMatchObject({ status: "complete", lastError: null });
  const byHand = { ...bought(3), topUps: ["canceled", "paid"] };
  await world.comes(ada.buyer, byHand);
  await world.advance({ days: 6 });
  await world.ends(ada.buyer, byHand);
  const statuses = (await ada.intents()).map(({ status }) => status).sort();
  expect(statuses).toEqual(["canceled", "succeeded"]);
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
