/** `npm run runner -- …`: the runner's command line from the workspace, built first if its sources changed. */
import { runBundle } from "./run-bundle.mjs";

await runBundle({ target: "runner", file: "packages/runner/dist/cli.js" });
