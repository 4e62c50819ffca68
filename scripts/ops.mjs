/** `npm run ops -- <command>`: the operator's commands, built first if their sources changed. */
import { runBundle } from "./run-bundle.mjs";

await runBundle({ target: "standalone", file: "apps/standalone/dist/ops.js" });
