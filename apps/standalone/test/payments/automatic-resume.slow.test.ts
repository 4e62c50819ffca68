/** Scans that wait for credits go on by themselves once a payment has succeeded, whoever hears of it first. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { accepted, mutate } from "../support/call.ts";
import { BackOffice } from "./back-office.ts";
import { ASKS_THE_BANK, WORKS } from "./buyer.ts";
import { bought } from "./outcome.ts";
import { CONFIRM } from "./stripe-side.ts";
import { Subscriber } from "./subscriber.ts";
import { World } from "./world.ts";

const SCANS = 5;
const WITHIN_MS = 5_000;
/** Shorter than the silence after which a runner is lost. */
const BEAT = { minutes: 4 };
const closely = { timeout: 25_000, interval: 5 };

let world: World;
let office: BackOffice;
const measured: string[] = [];
beforeAll(async () => {
  world = await World.begin();
  office = new BackOffice(world);
});
afterEach(async () => {
  await world.stripe.behaves();
  await world.addsUp();
});
afterAll(() => world.end());

async function statesOfScans({ buyer }: Subscriber): Promise<string[]> {
  const sql = "SELECT state FROM scans WHERE account_id = ?";
  return (await world.rows<{ state: string }>(sql, buyer.accountId)).map(({ state }) => state);
}

/** Their scans found no credit for the second hour and wait for some; no card is there to charge. */
async function waits(): Promise<Subscriber> {
  const ada = await Subscriber.signUp(world, SCANS, null);
  await ada.saves();
  const started = Array.from({ length: SCANS }, () => accepted(office.startsScan(ada.buyer)));
  const scans = await Promise.all(started);
  for (let minutes = 0; minutes < 60; minutes += BEAT.minutes) {
    await world.advance(BEAT);
    for (const { scanId } of scans)
      await accepted(mutate(ada.buyer.customer.runner, "runner.heartbeat", { scanId }));
  }
  expect(await statesOfScans(ada)).toEqual(scans.map(() => "paused"));
  return ada;
}

/** From when the gateway has the money until all scans run again. */
async function goOnSoon(ada: Subscriber, how: string): Promise<void> {
  const charges = async () => {
    const customerId = await ada.buyer.customerId();
    return customerId === null ? 0 : world.stripe.succeededChargesOf(customerId);
  };
  const isCharged = expect.poll(charges, closely).toBe(1);
  const goOn = expect.poll(() => statesOfScans(ada), closely).toEqual(Array(SCANS).fill("running"));
  const [chargedAt, wentOnAt] = await Promise.all(
    [isCharged, goOn].map((seen) => seen.then(() => performance.now())),
  );
  const tookMs = Math.max(0, Math.round((wentOnAt ?? 0) - (chargedAt ?? 0)));
  measured.push(`${how} ${tookMs} ms`);
  expect(tookMs).toBeLessThan(WITHIN_MS);
  await world.comes(ada.buyer, bought());
  expect(await ada.balance()).toBe(10 - SCANS);
}

describe("scans that wait for credits go on within 5 s", () => {
  test("of an automatic payment", async () => {
    const ada = await waits();
    await ada.buyer.addCard(WORKS);
    await goOnSoon(ada, "answered");
  });

  test("of one whose answer was lost, by what the gateway tells", async () => {
    const ada = await waits();
    await world.stripe.fails({ path: CONFIRM, kind: "reset", phase: "after", times: 0 });
    await ada.buyer.addCard(WORKS);
    await goOnSoon(ada, "told");
  });

  test("of one the bank asked about and the customer confirmed without coming back", async () => {
    const ada = await waits();
    await ada.buyer.addCard(ASKS_THE_BANK);
    await expect.poll(async () => (await ada.sees()).status, closely).toBe("needs_authentication");
    await ada.opensLink();
    await world.stripe.answerBank(await ada.buyer.intentId());
    await goOnSoon(ada, "confirmed");
  });

  test("of one the customer made by hand", async () => {
    const ada = await waits();
    await ada.saves({ enabled: false });
    await ada.buyer.addCard(WORKS);
    await Promise.all([goOnSoon(ada, "by hand"), ada.buyer.pays(10)]);
  });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", async () => {
  console.log(`${SCANS} scans went on after the payment: ${measured.join(", ")}`);
  await world.stillHolds();
});
