/**
 * `npm run faults [-- --only NAME --seeds N]`: the campaigns that are too long for every change.
 * Prints what was lived through and the seeds that failed; exit code 1 if any did.
 */
import { parseArgs } from "node:util";
import { buildIfStale } from "./build.mjs";
import { campaigns, runCampaign } from "./campaigns.mjs";
import { main, Stop } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { findRedisServer } from "./redis-server.mjs";

const names = Object.keys(campaigns);

await main(async () => {
  const { only, seeds } = read(process.argv.slice(2));
  await ensureInstalled();
  await findRedisServer();
  await buildIfStale();
  const rows = [];
  for (const name of only === undefined ? names : [only]) {
    console.log(`\n=== ${name}`);
    const begun = Date.now();
    const result = await runCampaign(name, seeds ?? campaigns[name].seeds);
    rows.push({ name, ...result, seconds: Math.round((Date.now() - begun) / 1_000) });
  }
  console.log("\n| campaign | lived through | seconds | failed |\n| --- | --- | --- | --- |");
  for (const { name, lived, seconds, failures } of rows)
    console.log(`| ${name} | ${lived} | ${seconds} | ${failures.join(", ") || "none"} |`);
  return rows.every(({ failures }) => failures.length === 0) ? 0 : 1;
});

function read(args) {
  let values;
  try {
    const options = { seeds: { type: "string" }, only: { type: "string" } };
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new Stop(error.message);
  }
  const { seeds, only } = values;
  if (seeds !== undefined && !/^[1-9]\d{0,8}$/.test(seeds))
    throw new Stop(`--seeds takes a whole number above 0, not "${seeds}".`);
  if (only !== undefined && !names.includes(only))
    throw new Stop(`There is no campaign called ${only}. There are ${names.join(", ")}.`);
  return { only, seeds: seeds === undefined ? undefined : Number(seeds) };
}
