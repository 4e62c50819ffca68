/**
 * Worlds one after the other, each with a seed of its own, told on standard output as a line of JSON:
 * what `npm run faults` runs once per processor. What failed is made smaller and told on standard
 * error. Arguments: the first seed, how many, and the step between two.
 */
import { historyOf } from "./histories.ts";
import { reduce, told } from "./reduce.ts";
import { foundWorlds, liveThrough, WORLD_SIZE, WorldFailed } from "./world.ts";

const REDUCE_WITHIN_MS = 120_000;
const [first = 1, count = 1, step = 1] = process.argv.slice(2).map(Number);

const template = await foundWorlds(WORLD_SIZE.accounts);
for (let at = 0; at < count; at += 1) {
  const seed = first + at * step;
  try {
    const years = await liveThrough(template, historyOf(seed, WORLD_SIZE));
    console.log(JSON.stringify({ seed, years }));
  } catch (error) {
    if (!(error instanceof WorldFailed)) throw error;
    const smallest = await reduce(template, error, REDUCE_WITHIN_MS);
    console.error(`\nSeed ${seed} failed.\n${told(smallest)}\n`);
    console.log(JSON.stringify({ seed, failure: error.message.split("\n")[0] }));
  }
}
template.close();
