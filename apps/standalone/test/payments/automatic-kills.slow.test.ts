/**
 * A product that is killed in the middle of an automatic purchase, in each window between two things
 * it stores. Whatever it was at, the next one finds it in the row and ends it: one charge, one credit.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bought, boughtNothing, onlyCharged } from "./outcome.ts";
import { breakGrants, breakPurchase, type Sabotage } from "./sabotage.ts";
import { CONFIRM, CREATE } from "./stripe-side.ts";
import { Subscriber } from "./subscriber.ts";
import { World } from "./world.ts";

/** After which a call without an answer is sent again. */
const RESENT = { seconds: 31 };

let world: World;
let ada: Subscriber;
beforeAll(async () => {
  world = await World.begin();
});
beforeEach(async () => {
  ada = await Subscriber.signUp(world);
  await ada.saves();
});
afterEach(async () => {
  await world.stripe.behaves();
  await world.addsUp();
});
afterAll(() => world.end());

/** Runs out, and is killed while the gateway, which has carried out this call, keeps its answer back. */
async function isKilledAt(path: string): Promise<void> {
  const isHeld = await world.stripe.holdsBack(path);
  await ada.spends();
  await isHeld();
  await world.kill();
  await world.stripe.behaves();
}

async function isRepairedAndStarted({ repair }: Sabotage): Promise<void> {
  await world.kill();
  await repair();
  await world.restart();
}

/** Paid with one payment, however often it was asked for. */
async function endsAsOne(): Promise<void> {
  await world.ends(ada.buyer, bought());
  const { intentId } = await ada.buyer.topUp();
  expect(await ada.intents()).toMatchObject([{ id: intentId, status: "succeeded" }]);
  expect(await ada.balance()).toBe(10);
}

test("once the purchase is stored, before anything was asked of the gateway", async () => {
  const sabotage = await breakPurchase(world, "stored");
  await ada.spends();
  await world.comes(ada.buyer, boughtNothing("draft"));
  expect(await ada.intents()).toEqual([]);
  await isRepairedAndStarted(sabotage);
  await endsAsOne();
});

test("case 37: once the payment was made, before its answer came", async () => {
  await isKilledAt(CREATE);
  expect(await ada.intents()).toMatchObject([{ status: "requires_payment_method" }]);
  await world.restart();
  await world.comes(ada.buyer, boughtNothing("draft"));
  await world.advance(RESENT);
  await endsAsOne();
});

test("case 37: once the payment is stored, before it was confirmed, also when Redis lost all it knew", async () => {
  const sabotage = await breakPurchase(world, "created");
  await ada.spends();
  await world.comes(ada.buyer, boughtNothing("awaiting_payment"));
  await world.loseRedis();
  await isRepairedAndStarted(sabotage);
  await endsAsOne();
  expect(await ada.tries()).toHaveLength(1);
});

describe("case 38: once the confirmation was sent", () => {
  test("before its answer came, and nobody tells: it is sent again with its key", async () => {
    await world.stripe.tells({ action: "vanish" });
    await isKilledAt(CONFIRM);
    await world.restart();
    await world.comes(ada.buyer, onlyCharged("charging"));
    await world.advance(RESENT);
    await endsAsOne();
    const sent = await ada.tries();
    expect(sent.map(({ isReplay }) => isReplay)).toEqual([false, true]);
    expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test("before its answer came, and the news comes when somebody listens again", async () => {
    await isKilledAt(CONFIRM);
    await world.restart();
    await endsAsOne();
  });

  test("and answered, before the credits were stored", async () => {
    await world.stripe.tells({ action: "vanish" });
    const sabotage = await breakGrants(world);
    await ada.spends();
    await world.comes(ada.buyer, onlyCharged("charging"));
    await isRepairedAndStarted(sabotage);
    await world.advance(RESENT);
    await endsAsOne();
  });

  test("and declined, before the decline was stored: it is tried again a day later and not before", async () => {
    await ada.cardAnswers("insufficient_funds", "approve");
    await world.stripe.tells({ action: "vanish" });
    await isKilledAt(CONFIRM);
    await world.restart();
    await world.advance(RESENT);
    await world.comes(ada.buyer, boughtNothing("retry_wait"));
    await world.advance({ hours: 23 });
    await world.comes(ada.buyer, boughtNothing("retry_wait"));
    await world.advance({ hours: 1 });
    await endsAsOne();
  });
});

test("again and again, at each call in turn", async () => {
  await isKilledAt(CREATE);
  await world.restart();
  const isHeld = await world.stripe.holdsBack(CONFIRM);
  const inVain = world.advance(RESENT).catch(() => {});
  await isHeld();
  await world.kill();
  await inVain;
  await world.stripe.behaves();
  await world.restart();
  await world.advance(RESENT);
  await endsAsOne();
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
