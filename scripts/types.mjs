/**
 * `npm run typecheck`: everything in two programs, what runs in Node and what runs in a browser. One for
 * each package would check again, ten times over, the packages it imports. What did not change since the
 * last time is known from `node_modules/.cache/types`.
 */
import { join } from "node:path";
import { isEntry, main, run } from "./command.mjs";
import { root } from "./repository.mjs";

export async function checkTypes() {
  // Side by side, each in one thread: several threads of one program share next to nothing of what
  // they find out, so they take twice the processor time.
  const codes = await Promise.all(
    [".", "apps/web"].map((project) =>
      run(join(root, "node_modules/.bin/tsc"), ["--project", project, "--singleThreaded"]),
    ),
  );
  return codes.every(({ code }) => code === 0);
}

if (isEntry(import.meta.url)) {
  await main(async () => ((await checkTypes()) ? 0 : 1));
}
