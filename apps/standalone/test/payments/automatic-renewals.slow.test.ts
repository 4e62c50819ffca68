/** Purchases that move the date of credits about to expire: due once, whoever is woken for it, how often, and how late. */
import { jobIdForRenewal, PAYMENTS_QUEUE, paymentJobNames } from "@scanmeter/contracts/jobs";
import { type Instant, instant } from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { overviewOf } from "../support/customer.ts";
import { SOON } from "./back-office.ts";
import { IS_DECLINED, WORKS } from "./buyer.ts";
import { bought, boughtNothing } from "./outcome.ts";
import { Subscriber, type Wanted } from "./subscriber.ts";
import { World } from "./world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CREDITS = 4;

let world: World;
beforeAll(async () => {
  world = await World.begin();
});
afterEach(() => world.addsUp());
afterAll(() => world.end());

interface Renewing {
  readonly ada: Subscriber;
  readonly expiresAt: number;
  /** Three days before. */
  readonly dueAt: Instant;
}

/** Has credits that expire in 30 days and asks for their renewal. */
async function isToRenew(wanted: Wanted = {}, card = WORKS): Promise<Renewing> {
  const ada = await Subscriber.signUp(world, 0, card);
  const expiresAt = (await world.now()) + 30 * DAY_MS;
  await ada.isGiven(CREDITS, expiresAt);
  const settings = { outOfCredits: false, beforeExpiry: true, ...wanted };
  const dueAt = instant(expiresAt - 3 * DAY_MS);
  const { nextRenewalAt, renewsExpiryAt } = await ada.saves(settings);
  expect(renewsExpiryAt).toBe(new Date(expiresAt).toISOString());
  // Armed by the look that saving asks for.
  if (nextRenewalAt === null)
    await expect.poll(async () => (await ada.sees()).nextRenewalAt, SOON).not.toBeNull();
  expect((await ada.sees()).nextRenewalAt).toBe(new Date(dueAt).toISOString());
  return { ada, expiresAt, dueAt };
}

/** All credits, old and new, expire 12 months after the payment. */
async function movedAllDates(ada: Subscriber, credits: number): Promise<void> {
  const { lots } = await overviewOf(ada.person);
  const { paidAt } = await ada.returns();
  const date = addMonths(instant(Date.parse(paidAt ?? "")), 12, "UTC");
  expect(new Set(lots.map(({ expiresAt }) => Date.parse(expiresAt)))).toEqual(new Set([date]));
  expect(await ada.balance()).toBe(credits);
}

/** Its wake-up comes so often, and is done each time. */
async function isWokenAgain({ ada, dueAt }: Renewing, times: number): Promise<void> {
  const connection = new Redis(world.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(PAYMENTS_QUEUE, { connection });
  const { accountId } = ada.buyer;
  const renewal = jobIdForRenewal({ accountId, dueAt });
  const ids = [renewal, ...Array.from({ length: times - 1 }, () => crypto.randomUUID())];
  await queue.addBulk(
    ids.map((jobId) => ({
      name: paymentJobNames.accountLook,
      data: { accountId },
      opts: { jobId, removeOnComplete: true },
    })),
  );
  const left = async () =>
    (await Promise.all(ids.map((id) => queue.getJob(id)))).filter((job) => job !== undefined);
  await expect.poll(left, SOON).toEqual([]);
  await queue.close();
  connection.disconnect();
}

describe("72 hours before", () => {
  test("buys once, and moves every date 12 months on", async () => {
    const { ada, dueAt } = await isToRenew();
    await world.advanceTo(dueAt - 60_000);
    await world.comes(ada.buyer, boughtNothing());
    await ada.hearsOf("upcoming_top_up", "upcoming_top_up");
    await world.advanceTo(dueAt);
    await world.comes(ada.buyer, bought());
    await movedAllDates(ada, CREDITS + 10);
    await world.advance({ days: 40 });
    await world.ends(ada.buyer, bought());
    expect(await ada.tries()).toHaveLength(1);
    await ada.hearsOf("upcoming_top_up", "upcoming_top_up");
  });

  test("case 35: and out of credits at the same moment, buys once", async () => {
    const { ada, dueAt } = await isToRenew({ outOfCredits: true, threshold: CREDITS - 1 });
    await world.advanceTo(dueAt - 5_000);
    await Promise.all([world.advance({ seconds: 5 }), ada.spends()]);
    await world.comes(ada.buyer, bought());
    await movedAllDates(ada, CREDITS - 1 + 10);
    await world.advance({ days: 5 });
    await world.ends(ada.buyer, bought());
    expect(await ada.intents()).toHaveLength(1);
  });
});

test("with a card that is declined, is tried 72, 48 and 24 hours before; the credits are kept for 14 days and then written off", async () => {
  const { ada, expiresAt } = await isToRenew({}, IS_DECLINED);
  await world.advanceTo(expiresAt);
  await world.comes(ada.buyer, boughtNothing("failed"));
  expect(await ada.hoursOfTries()).toEqual([0, 24, 48]);
  expect(await ada.sees()).toMatchObject({ status: "suspended", reason: "retries_exhausted" });
  const until = expiresAt + 14 * DAY_MS;
  await world.advanceTo(until - 60_000);
  const kept = { credits: CREDITS, until: new Date(until).toISOString() };
  expect(await overviewOf(ada.person)).toMatchObject({ kept });
  await world.advanceTo(until);
  expect(await overviewOf(ada.person)).toMatchObject({ kept: null, balance: { frozen: 0 } });
  await world.ends(ada.buyer, boughtNothing("failed"));
  const [declined, told] = ["top_up_declined", "upcoming_top_up"] as const;
  await ada.hearsOf(told, told, declined, declined, "top_up_failed", "kept", "written_off");
});

describe("case 36: a wake-up that comes", () => {
  test("twenty times at once, when it is due, buys once", async () => {
    const renewing = await isToRenew();
    const { ada, dueAt } = renewing;
    await Promise.all([world.advanceTo(dueAt), isWokenAgain(renewing, 20)]);
    await isWokenAgain(renewing, 20);
    await world.ends(ada.buyer, bought());
    expect(await ada.intents()).toHaveLength(1);
  });

  test("again from a scheduler that was started again with an empty queue, buys once", async () => {
    const { ada, dueAt } = await isToRenew();
    await world.advanceTo(dueAt - 1_000);
    await world.kill();
    await world.loseRedis();
    await world.restart();
    await world.comes(ada.buyer, bought());
    await world.kill();
    await world.restart();
    await world.ends(ada.buyer, bought());
    expect(await ada.intents()).toHaveLength(1);
    await movedAllDates(ada, CREDITS + 10);
  });

  test("for a date that was moved meanwhile, buys nothing", async () => {
    const renewing = await isToRenew();
    const { ada, dueAt } = renewing;
    await ada.buyer.pays(10);
    await world.advanceTo(dueAt);
    await isWokenAgain(renewing, 3);
    await world.ends(ada.buyer, bought());
    const { renewsExpiryAt } = await ada.sees();
    expect(Date.parse(renewsExpiryAt ?? "")).toBeGreaterThan(dueAt + 300 * DAY_MS);
  });

  test("two days late, because nobody was there, buys once and in time", async () => {
    const { ada, dueAt, expiresAt } = await isToRenew();
    await world.isAwayFor(dueAt - (await world.now()) + 2 * DAY_MS);
    await world.comes(ada.buyer, bought());
    const { paidAt } = await ada.returns();
    expect(Date.parse(paidAt ?? "")).toBeGreaterThan(dueAt + 2 * DAY_MS - HOUR_MS);
    expect(Date.parse(paidAt ?? "")).toBeLessThan(expiresAt);
    await movedAllDates(ada, CREDITS + 10);
    await world.ends(ada.buyer, bought());
  });

  test("after the date itself, buys nothing; the credits are kept, and the next purchase revives them", async () => {
    const { ada, expiresAt } = await isToRenew();
    await world.isAwayFor(expiresAt - (await world.now()) + DAY_MS);
    await expect.poll(async () => (await overviewOf(ada.person)).kept, SOON).not.toBeNull();
    const { balance, kept } = await overviewOf(ada.person);
    expect(balance).toMatchObject({ available: 0, frozen: CREDITS });
    const until = new Date(expiresAt + 14 * DAY_MS).toISOString();
    expect(kept).toEqual({ credits: CREDITS, until });
    await world.advance({ days: 1 });
    await world.comes(ada.buyer, boughtNothing());
    await ada.hearsOf("kept");

    expect(await ada.buyer.pays(10)).toMatchObject({ status: "complete" });
    await world.ends(ada.buyer, bought());
    expect(await overviewOf(ada.person)).toMatchObject({ kept: null, balance: { frozen: 0 } });
    await movedAllDates(ada, CREDITS + 10);
  });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
