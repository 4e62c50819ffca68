/**
 * Runs a bundled program inside this very process, so that its input, output,
 * signals and exit code need no forwarding. Installing and building speak on
 * standard error: what the program prints stays its own.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfStale } from "./build.mjs";
import { main } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./repository.mjs";

export function runBundle({ target, file }) {
  return main(async () => {
    await ensureInstalled({ output: "stderr" });
    await buildIfStale([target]);
    const program = join(root, file);
    process.argv[1] = program;
    process.setSourceMapsEnabled(true);
    await import(pathToFileURL(program).href);
  });
}
