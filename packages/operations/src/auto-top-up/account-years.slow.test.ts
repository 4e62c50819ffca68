/**
 * Years of many accounts, lived through by the real decisions over the real database and held against
 * an independent model after every visit of a worker. `npm run faults` goes on for a hundred thousand.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arbitraryHistory } from "../testing/simulation/histories.ts";
import { foundWorlds, liveThrough, type WorldTemplate } from "../testing/simulation/world.ts";

const SIZE = { accounts: 30, rounds: 300, acts: 30 };
const WORLDS = 3;
const YEARS_MIN = 500;
/** The same years each time, so that red means the change at hand. Another number tells others. */
const SEED = 20_261_122;

const worthSeeing = [
  "out_of_credits paid",
  "out_of_credits failed",
  "before_expiry paid",
  "before_expiry failed",
  "manual paid",
  "credits revived",
  "credits kept too long",
  "tried 3 times",
  "a death of a worker",
  "dispute",
  "refund_there",
];

let template: WorldTemplate;
beforeAll(async () => {
  template = await foundWorlds(SIZE.accounts);
});
afterAll(() => template.close());

test(`${YEARS_MIN} account-years bring about what their model says, and nothing else (seed ${SEED})`, async () => {
  const happened = new Map<string, number>();
  let years = 0;
  const livesOn = async (history: Parameters<typeof liveThrough>[1]) => {
    years += await liveThrough(template, history, happened);
  };
  await fc.assert(fc.asyncProperty(arbitraryHistory(SIZE), livesOn), {
    seed: SEED,
    numRuns: WORLDS,
    interruptAfterTimeLimit: 150_000,
  });
  expect(years).toBeGreaterThan(YEARS_MIN);
  // Years in which nothing of this came about would prove nothing.
  for (const what of worthSeeing) expect([what, happened.get(what) ?? 0]).not.toEqual([what, 0]);
}, 180_000);
