/**
 * `npm run faults [-- --seeds N --only account-years]`: the campaigns that are too long for every
 * change. Prints what was lived through and the seeds that failed; exit code 1 if any did.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { main, Stop } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./repository.mjs";

const simulation = "packages/operations/src/testing/simulation/campaign.ts";

/** A world holds thirty accounts for about ten years each. */
const campaigns = {
  "account-years": { program: simulation, seeds: 340, unit: "account-years", wanted: 100_000 },
};

await main(async () => {
  const { seeds, only } = read(process.argv.slice(2));
  const names = only === undefined ? Object.keys(campaigns) : [only];
  await ensureInstalled();
  const rows = [];
  for (const name of names) rows.push(await campaign(name, seeds ?? campaigns[name].seeds));
  console.log(
    "\n| campaign | seeds | lived through | seconds | failed |\n| --- | --- | --- | --- | --- |",
  );
  for (const { name, seeds: lived, years, seconds, failures } of rows) {
    const { unit } = campaigns[name];
    const failed = failures.length === 0 ? "none" : failures.map(({ seed }) => seed).join(", ");
    console.log(`| ${name} | ${lived} | ${Math.floor(years)} ${unit} | ${seconds} | ${failed} |`);
  }
  return rows.every(({ failures }) => failures.length === 0) ? 0 : 1;
});

function read(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { seeds: { type: "string" }, only: { type: "string" } },
    }));
  } catch (error) {
    throw new Stop(error.message);
  }
  const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
  if (seeds !== undefined && !(Number.isInteger(seeds) && seeds > 0))
    throw new Stop(`--seeds takes a whole number above 0, not "${values.seeds}".`);
  if (values.only !== undefined && !Object.hasOwn(campaigns, values.only))
    throw new Stop(
      `There is no campaign called ${values.only}. There is ${Object.keys(campaigns).join(", ")}.`,
    );
  return { seeds, only: values.only };
}

async function campaign(name, seeds) {
  const { program, unit, wanted } = campaigns[name];
  const begun = Date.now();
  const failures = [];
  let lived = 0;
  let years = 0;
  let toldAt = begun;
  console.log(`\n=== ${name}: ${seeds} seeds from 1`);
  const hear = ({ seed, failure, years: more = 0 }) => {
    lived += 1;
    years += more;
    if (failure !== undefined) {
      failures.push({ seed, failure });
      console.log(`seed ${seed} failed: ${failure}`);
    }
    if (Date.now() - toldAt < 10_000) return;
    toldAt = Date.now();
    const rate = (years / ((toldAt - begun) / 1_000)).toFixed(0);
    console.log(`${lived} of ${seeds} seeds, ${Math.floor(years)} ${unit}, ${rate} a second`);
  };
  const hands = Math.min(availableParallelism(), seeds);
  const shares = Array.from({ length: hands }, (_, at) => Math.ceil((seeds - at) / hands));
  const codes = await Promise.all(
    shares.map((count, at) => liveThrough(program, [at + 1, count, hands], hear)),
  );
  if (codes.some((code) => code !== 0)) failures.push({ seed: "a process", failure: "died" });
  if (years < wanted && seeds === campaigns[name].seeds && failures.length === 0)
    console.log(`That is less than the ${wanted} ${unit} that were wanted.`);
  return { name, seeds: lived, years, seconds: Math.round((Date.now() - begun) / 1_000), failures };
}

function liveThrough(program, args, hear) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(root, program), ...args.map(String)],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  createInterface({ input: child.stdout }).on("line", (line) => hear(JSON.parse(line)));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}
