/** In a file of its own, because it waits as long as the product waits for its payment gateway. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { WORKS } from "./buyer.ts";
import { bought, boughtNothing, onlyCharged } from "./outcome.ts";
import { CONFIRM } from "./stripe-side.ts";
import { World } from "./world.ts";

/** Longer than the 20 seconds after which the product gives up waiting. */
const SLOW_MS = 22_000;
const RESENT = { seconds: 31 };
const beingConfirmed = { status: "processing", lastError: null };

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world.end());

test("case 41: a confirmation slower than our patience, sent again meanwhile and turned away, is one charge and one credit, and never called failed", async () => {
  await world.stripe.tells({ action: "vanish" });
  const ada = await world.buyer(WORKS);
  const order = await ada.orders();
  const slow = { path: CONFIRM, kind: "delay", phase: "before", ms: SLOW_MS } as const;
  const { id } = await world.stripe.fails(slow);
  const pressed = ada.pressesAndWaits(order);
  await world.stripe.hasStruck(id);

  await world.advance(RESENT);
  const confirmations = () => world.stripe.calls(/\/confirm$/);
  expect(await confirmations()).toMatchObject([{ status: 409 }]);
  await world.comes(ada, boughtNothing("charging"));
  expect(await ada.returns(order)).toMatchObject(beingConfirmed);
  expect(await pressed).toMatchObject(beingConfirmed);

  await world.comes(ada, onlyCharged("charging"));
  await world.advance(RESENT);
  await world.ends(ada, bought());
  expect(await ada.returns(order)).toMatchObject({ status: "complete", lastError: null });
  const sent = await confirmations();
  expect(sent.map(({ status, isReplay }) => ({ status, isReplay }))).toEqual([
    { status: 409, isReplay: false },
    { status: 200, isReplay: false },
    { status: 200, isReplay: true },
  ]);
  expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  await world.stillHolds();
});
