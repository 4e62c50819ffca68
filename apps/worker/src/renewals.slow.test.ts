/**
 * A year of a thousand renewals over a queue that forgets everything again and again: the real
 * database, a real Redis, a local Stripe. None is lost, doubled or later than the sweep that comes next.
 */
import { paymentJobNames } from "@scanmeter/contracts/jobs";
import { after, credits, type Instant, instant } from "@scanmeter/core";
import type { AccountDetails } from "@scanmeter/db";
import { audit, type TestClock } from "@scanmeter/operations";
import { openShop, type Shop } from "@scanmeter/operations/testing/shop";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { QueueTimings } from "./queue-settings.ts";
import { neverSweeps, openWorkerTrial, type WorkerTrial } from "./testing/worker-trial.ts";

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const ACCOUNTS = 1_000;
const WAVES = 10;
const IN_WAVE = ACCOUNTS / WAVES;
/** Renewals of a wave come due so far apart. */
const APART_MS = 10;
const QUANTITY = 5;
const timings: QueueTimings = {
  ...neverSweeps,
  sweepEveryMs: 2 * SECOND,
  sweepOverdueAfterMs: 6 * SECOND,
};

let trial: WorkerTrial;
let shop: Shop;
let clock: TestClock;

beforeAll(async () => {
  trial = await openWorkerTrial();
  shop = await openShop({ clock: "test" });
  clock = shop.operations.testClock as TestClock;
  // Nothing of this needs to be told what it was answered already.
  await shop.stripe.control("/deliveries/rules", { action: "vanish" });
});
afterAll(async () => {
  await trial.close();
  await shop.close();
});

interface Renewal {
  readonly account: AccountDetails;
  readonly wave: number;
  readonly expiresAt: Instant;
  readonly dueAt: Instant;
}

/** An account with a card, paid credits with a date, and the wish to have it moved. */
async function askForRenewal(at: number, start: Instant): Promise<Renewal> {
  const { operations, buying } = shop;
  const wave = Math.floor(at / IN_WAVE);
  const inYear = ((wave + 1) / WAVES) * 365 * DAY + (at % IN_WAVE) * APART_MS;
  const expiresAt = after(start, inYear);
  const account = await shop.account(`renews-${at}`);
  const card = await buying.addTestCard({ accountId: account.id, card: "pm_card_visa" });
  const granted = await operations.grantCredits({
    accountId: account.id,
    credits: credits(4),
    kind: "paid",
    source: "test",
    key: "first",
    expiresAt,
  });
  const saved = await buying.saveAutoTopUp({
    account,
    userId: `user-renews-${at}`,
    ip: null,
    request: {
      enabled: true,
      quantity: QUANTITY,
      triggers: { outOfCredits: false, beforeExpiry: true },
      revision: 0,
      surface: "overview",
    },
  });
  if (!card.ok || !granted.ok || !saved.ok) throw new Error("It is a plain wish.");
  return { account, wave, expiresAt, dueAt: after(expiresAt, -3 * DAY) };
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) {
  const waiting = [...items];
  const hand = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, hand));
}

async function read<Row>(sql: string): Promise<Row[]> {
  const { rows } = await shop.operations.database.read(sql);
  return rows as unknown as Row[];
}
const paidSoFar = async () =>
  (await read<{ paid: number }>("SELECT count(*) AS paid FROM top_ups WHERE state = 'paid'"))[0]
    ?.paid;
/** The ids the queue should hold: one for each renewal the rows say is to come. */
const renewalIds = async () => {
  const rows = await read<{ accountId: string; dueAt: number }>(
    "SELECT account_id AS accountId, renewal_due_at AS dueAt FROM auto_top_ups WHERE renewal_due_at IS NOT NULL",
  );
  return rows.map(({ accountId, dueAt }) => `renewal-${accountId}-${dueAt.toString(36)}`).sort();
};
/** A thousand of anything take their time on a busy machine. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 100 });
const armed = () => trial.delayed("renewal-");

async function moveTo(at: Instant): Promise<void> {
  clock.jump(at);
  await shop.stripe.control("/clock", { to: clock.now() });
}

/** Sweeps of looks, each with when it began and when it was through, by the product's clock. */
function watchSweeps() {
  const sweeps: { readonly from: Instant; until: Instant }[] = [];
  let goesOn = false;
  const sweepLooks = async (limit: number) => {
    const from = clock.now();
    const swept = await shop.operations.sweepLooks(limit);
    const until = clock.now();
    const last = sweeps.at(-1);
    if (goesOn && last !== undefined) last.until = until;
    else sweeps.push({ from, until });
    goesOn = swept.isFull;
    return swept;
  };
  return { sweeps, sweepLooks };
}

test("a thousand renewals happen once each and in time, although Redis forgets them all", async () => {
  const start = clock.now();
  const renewals: Renewal[] = [];
  await inTurns(
    Array.from({ length: ACCOUNTS }, (_, at) => at),
    async (at) => {
      renewals[at] = await askForRenewal(at, start);
    },
  );
  await inTurns(renewals, ({ account }) => shop.operations.lookAfter(account.id));

  const { sweeps, sweepLooks } = watchSweeps();
  const worker = await trial.start(shop.operations, { changed: { sweepLooks }, timings });
  const wanted = await renewalIds();
  expect(wanted).toHaveLength(ACCOUNTS);
  await eventually(armed).toEqual(wanted);
  await trial.client.flushall();
  await eventually(armed).toEqual(wanted);

  for (let wave = 0; wave < WAVES; wave += 1) {
    const ofWave = renewals.filter((one) => one.wave === wave);
    const looks = ofWave.map(({ account }) => ({
      name: paymentJobNames.accountLook,
      data: { accountId: account.id },
    }));
    const [first] = ofWave;
    if (first === undefined) throw new Error("Each wave has renewals.");
    await moveTo(after(first.dueAt, -SECOND));
    // Every other wave has its jobs, and more that come too early and too late. Of the others Redis
    // loses all a second before they are due.
    const hasJobs = wave % 2 === 0;
    if (hasJobs) {
      await worker.rearm();
      await trial.queue.addBulk(looks);
    } else await trial.client.flushall();
    await eventually(paidSoFar).toBe((wave + 1) * IN_WAVE);
    if (hasJobs) await trial.queue.addBulk([...looks, ...looks]);
  }
  await moveTo(after(start, 366 * DAY));
  const swept = sweeps.length;
  await eventually(() => sweeps.length).toBeGreaterThan(swept + 1);

  const bought = await read<{ accountId: string; trigger: string; state: string; at: number }>(
    "SELECT account_id AS accountId, trigger, state, created_at AS at FROM top_ups",
  );
  expect(bought).toHaveLength(ACCOUNTS);
  const boughtOf = new Map(bought.map((one) => [one.accountId, one]));
  for (const { account, dueAt } of renewals) {
    const one = boughtOf.get(account.id);
    expect(one).toMatchObject({ trigger: "before_expiry", state: "paid" });
    expect(one?.at).toBeGreaterThanOrEqual(dueAt);
    const next = sweeps.find(({ from }) => from >= dueAt);
    expect(one?.at).toBeLessThanOrEqual(next?.until ?? 0);
  }
  const there = await shop.stripe.look<{
    paymentIntents: Record<string, number>;
    paymentIntentsChargedTwice: string[];
  }>("/summary");
  expect(there.paymentIntents).toEqual({ succeeded: ACCOUNTS });
  expect(there.paymentIntentsChargedTwice).toEqual([]);
  const sooner = "SELECT count(*) AS n FROM lots WHERE remaining > 0 AND expires_at < ";
  expect(await read(`${sooner}${after(instant(start), 365 * DAY)}`)).toMatchObject([{ n: 0 }]);
  await eventually(armed).toEqual(await renewalIds());
  for await (const { title, broken } of audit(shop.operations.database)) {
    expect({ title, broken }).toEqual({ title, broken: null });
  }
});
