/**
 * `npm run typecheck`: everything in two programs, what runs in Node and what runs in a browser. One for
 * each package would check again, ten times over, the packages it imports. What did not change since the
 * last time is known from `node_modules/.cache/types`.
 */
import { join } from "node:path";
import { isEntry, main, run } from "./command.mjs";
import { root } from "./repository.mjs";

export async function checkTypes(print = console.log) {
  // Side by side, each in one thread: several threads of one program share next to nothing of what
  // they find out, so they take twice the processor time.
  const answers = await Promise.all([".", "apps/web"].map(check));
  for (const { output } of answers) if (output !== "") print(output.trimEnd());
  return answers.every(({ code }) => code === 0);
}

function check(project) {
  const isPretty = String(process.stdout.isTTY === true);
  const args = ["--project", project, "--singleThreaded", "--pretty", isPretty];
  return run(join(root, "node_modules/.bin/tsc"), args, { output: "capture" });
}

if (isEntry(import.meta.url)) {
  await main(async () => ((await checkTypes()) ? 0 : 1));
}
