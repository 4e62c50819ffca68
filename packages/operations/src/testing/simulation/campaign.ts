/**
 * Worlds one after the other, each with a seed of its own, told on standard output as a line of JSON:
 * what `npm run faults` runs once per processor. Arguments: the first seed, how many, and the step
 * between two.
 */
import fc from "fast-check";
import { arbitraryHistory } from "./histories.ts";
import { foundWorlds, liveThrough } from "./world.ts";

const SIZE = { accounts: 30, rounds: 300, acts: 30 };
const [first = 1, count = 1, step = 1] = process.argv.slice(2).map(Number);

const template = await foundWorlds(SIZE.accounts);
for (let at = 0; at < count; at += 1) {
  const seed = first + at * step;
  const [history] = fc.sample(arbitraryHistory(SIZE), { seed, numRuns: 1 });
  if (history === undefined) throw new Error("A sample of one is one.");
  try {
    console.log(JSON.stringify({ seed, years: await liveThrough(template, history, new Map()) }));
  } catch (error) {
    console.log(JSON.stringify({ seed, failure: String(error).split("\n")[0] }));
  }
}
template.close();
