/** The quick checks, in the order in which they tell most for the time they take. */
import { join } from "node:path";
import { findViolations, readRepository } from "./arrows.mjs";
import { run } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { findRedisServer } from "./redis-server.mjs";
import { root } from "./repository.mjs";
import { step } from "./steps.mjs";
import { checkTypes } from "./types.mjs";
import { vitestStep } from "./vitest-step.mjs";

// Left to itself it colours letter by letter, and a log of it cannot be read.
const colors = `--colors=${process.stdout.isTTY ? "force" : "off"}`;

export const checkSteps = [
  step("Packages", () => ensureInstalled(), { isPrerequisite: true }),
  step("Redis", () => findRedisServer(), { isPrerequisite: true }),
  step("Format and lint", () =>
    tool("biome", "ci", "--error-on-warnings", "--diagnostic-level=warn", colors, "."),
  ),
  step("Arrows", () => report(findViolations(readRepository()))),
  step("Types", () => checkTypes()),
  step("Migrations", () => toolIn("packages/db", "drizzle-kit", "check")),
  vitestStep("Unit and integration tests", "unit"),
];

function tool(name, ...args) {
  return toolIn(".", name, ...args);
}

async function toolIn(folder, name, ...args) {
  const program = join(root, "node_modules/.bin", name);
  const { code } = await run(program, args, { cwd: join(root, folder) });
  return code === 0;
}

function report(violations) {
  for (const { file, problem } of violations) console.log(`${file}: ${problem}`);
  return violations.length === 0;
}
