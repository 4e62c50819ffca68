/**
 * What `npm run faults` can do for as long as one likes. The first lives through simulated years in
 * as many processes as there are processors; the others are long tests of `npm test`, told by the
 * environment to go on for longer and, where chance is thrown, from another seed.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./repository.mjs";
import { vitestStep } from "./vitest-step.mjs";

/**
 * `seeds` is how far a campaign goes when nobody says.
 *
 * @type {Record<string, { unit: string, seeds: number, lives?: string, repeats?: string, length?: string }>}
 */
export const campaigns = {
  // A world holds thirty accounts for about ten years each: 100,000 account-years in all.
  "account-years": {
    unit: "worlds",
    seeds: 390,
    lives: "packages/operations/src/testing/simulation/campaign.ts",
  },
  ledger: {
    unit: "histories",
    seeds: 2_000,
    repeats: "packages/operations/src/ledger-model.slow.test.ts",
    length: "TRIALS",
  },
  purchases: {
    unit: "stories",
    seeds: 1_000,
    repeats: "packages/operations/src/payments/payments.property.slow.test.ts",
    length: "TRIALS",
  },
  killed: {
    unit: "kills",
    seeds: 300,
    repeats: "apps/standalone/test/killed.slow.test.ts",
    length: "KILLS",
  },
  race: {
    unit: "rounds",
    seeds: 100,
    repeats: "apps/standalone/test/payments/automatic-race.slow.test.ts",
    length: "ROUNDS",
  },
};

/**
 * @param {string} name
 * @param {number} seeds
 * @returns {Promise<{ lived: string, failures: string[] }>}
 */
export function runCampaign(name, seeds) {
  const { lives, repeats, length, unit } = campaigns[name];
  return lives ? liveThrough(lives, seeds) : repeat({ file: repeats, length, unit, seeds });
}

async function repeat({ file, length, unit, seeds }) {
  const seed = 1 + Math.floor(Math.random() * 1_000_000_000);
  const environment = { [length]: String(seeds), SEED: String(seed) };
  const { failed } = await vitestStep(file, "slow", async () => environment, [file]).run();
  return { lived: `${seeds} ${unit}`, failures: failed === 0 ? [] : [`from seed ${seed}`] };
}

async function liveThrough(program, seeds) {
  const begun = Date.now();
  const failures = [];
  let lived = 0;
  let years = 0;
  let toldAt = begun;
  const hear = ({ seed, failure, years: more = 0 }) => {
    lived += 1;
    years += more;
    if (failure !== undefined) {
      failures.push(`seed ${seed}`);
      console.log(`seed ${seed} failed: ${failure}`);
    }
    if (Date.now() - toldAt < 10_000) return;
    toldAt = Date.now();
    const rate = (years / ((toldAt - begun) / 1_000)).toFixed(0);
    console.log(
      `${lived} of ${seeds} worlds, ${Math.floor(years)} account-years, ${rate} a second`,
    );
  };
  const hands = Math.min(availableParallelism(), seeds);
  const shares = Array.from({ length: hands }, (_, at) => Math.ceil((seeds - at) / hands));
  const codes = await Promise.all(
    shares.map((count, at) => oneHand(program, [at + 1, count, hands], hear)),
  );
  if (codes.some((code) => code !== 0)) failures.push("a process that died");
  return { lived: `${Math.floor(years)} account-years`, failures };
}

function oneHand(program, args, hear) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(root, program), ...args.map(String)],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  createInterface({ input: child.stdout }).on("line", (line) => hear(JSON.parse(line)));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}
