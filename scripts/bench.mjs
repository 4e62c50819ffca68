/**
 * `npm run bench [-- name …]`: runs `bench/<name>.bench.ts`, all of them by
 * default, one after the other and each in its own process, so that no benchmark
 * warms up or burdens another.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { main, run, Stop } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./repository.mjs";

const SUFFIX = ".bench.ts";

await main(async () => {
  const folder = join(root, "bench");
  const present = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !present.includes(name));
  if (unknown.length > 0)
    throw new Stop(`No benchmark called ${unknown.join(", ")}. There are ${present.join(", ")}.`);

  await ensureInstalled();
  const failed = [];
  for (const name of wanted.length > 0 ? wanted : present) {
    console.log(`\n=== ${name}`);
    const file = join(folder, `${name}${SUFFIX}`);
    const { code } = await run(process.execPath, ["--import", "tsx", file]);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Stop(`\nFailed: ${failed.join(", ")}`);
});
