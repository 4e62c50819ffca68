/**
 * The quick checks. The tests wait now and then for what other processes do; the rest is short and
 * runs beside them, in the order in which it tells most for the time it takes.
 */
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
const severe = ["--error-on-warnings", "--diagnostic-level=warn"];
const isBeside = true;

export const checkSteps = [
  step("Packages", () => ensureInstalled(), { isPrerequisite: true }),
  step("Redis", () => findRedisServer(), { isPrerequisite: true }),
  step("Format and lint", tool("biome", "ci", ...severe, colors, "."), { isBeside }),
  step("Arrows", (print) => report(findViolations(readRepository()), print), { isBeside }),
  step("Types", (print) => checkTypes(print), { isBeside }),
  step("Migrations", toolIn("packages/db", "drizzle-kit", "check"), { isBeside }),
  vitestStep("Unit and integration tests", "unit"),
];

function tool(name, ...args) {
  return toolIn(".", name, ...args);
}

function toolIn(folder, name, ...args) {
  const program = join(root, "node_modules/.bin", name);
  return async (print) => {
    const cwd = join(root, folder);
    const { code, output } = await run(program, args, { cwd, output: "capture" });
    if (output !== "") print(output.trimEnd());
    return code === 0;
  };
}

function report(violations, print) {
  for (const { file, problem } of violations) print(`${file}: ${problem}`);
  return violations.length === 0;
}
