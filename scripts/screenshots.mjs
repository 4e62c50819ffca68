/** `npm run screenshots [-- --only <part of a name>]`: pictures of every page in every state. */
import { join } from "node:path";
import { main, run } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./repository.mjs";
import { ensureSystemPackage } from "./system-package.mjs";

await main(async () => {
  await ensureInstalled();
  const CHROMIUM = process.env.CHROMIUM || (await ensureSystemPackage("chromium"));
  const program = join(root, "apps/standalone/test/gallery/main.ts");
  const args = ["--import", "tsx", program, ...process.argv.slice(2)];
  return (await run(process.execPath, args, { env: { CHROMIUM } })).code;
});
