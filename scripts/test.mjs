/** `npm test`: everything CI runs, installing what is missing on the way. */
import { buildIfStale } from "./build.mjs";
import { checkSteps } from "./check-steps.mjs";
import { main } from "./command.mjs";
import { closingLine, runSteps, step } from "./steps.mjs";
import { ensureSystemPackage } from "./system-package.mjs";
import { vitestStep } from "./vitest-step.mjs";

const chromium = async () => process.env.CHROMIUM || (await ensureSystemPackage("chromium"));

await main(async () => {
  const counts = await runSteps([
    ...checkSteps,
    step("Build", () => buildIfStale(), { isPrerequisite: true }),
    vitestStep("Long tests", "slow"),
    step("Chromium", chromium, { isPrerequisite: true }),
    vitestStep("End-to-end tests", "e2e", async () => ({ CHROMIUM: await chromium() })),
  ]);
  console.log(`\n${closingLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});
