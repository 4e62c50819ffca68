/**
 * Years of many accounts, lived through by the real decisions over the real database and held against
 * an independent model after every visit of a worker. `npm run faults` goes on for a hundred thousand.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { historyOf } from "../testing/simulation/histories.ts";
import { reduce, told } from "../testing/simulation/reduce.ts";
import {
  foundWorlds,
  liveThrough,
  WORLD_SIZE,
  WorldFailed,
  type WorldTemplate,
} from "../testing/simulation/world.ts";

const YEARS = 500;
/** The same years each time, so that red means the change at hand. Another number lives through others. */
const SEED = Number(process.env.SEED ?? 20_261_122);
const REDUCE_WITHIN_MS = 120_000;

const worthSeeing = [
  ...["manual", "out_of_credits", "before_expiry"].flatMap((trigger) => [
    `${trigger} paid`,
    `${trigger} canceled`,
    `${trigger} failed`,
  ]),
  ...["tried 2 times", "tried 3 times", "credits revived", "credits kept too long"],
  ...["card_refused", "retries_exhausted", "authentication_unanswered", "dispute"].map(
    (reason) => `suspended for ${reason}`,
  ),
  ...["a death of a worker", "a death of the shop", "a disturbance"],
];

let template: WorldTemplate;
beforeAll(async () => {
  template = await foundWorlds(WORLD_SIZE.accounts);
});
afterAll(() => template.close());

test(`${YEARS} account-years (seed ${SEED}) bring about what their model says, and nothing else`, async () => {
  console.log(`Repeat with SEED=${SEED}`);
  const happened = new Map<string, number>();
  let years = 0;
  for (let seed = SEED; years < YEARS; seed += 1) {
    try {
      years += await liveThrough(template, historyOf(seed, WORLD_SIZE), happened);
    } catch (error) {
      if (!(error instanceof WorldFailed)) throw error;
      throw new Error(
        `Seed ${seed} failed.\n${told(await reduce(template, error, REDUCE_WITHIN_MS))}`,
      );
    }
  }
  // Years in which one of these never came about would have shown little.
  expect([...happened.keys()]).toEqual(expect.arrayContaining(worthSeeing));
}, 300_000);
