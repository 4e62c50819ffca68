/** `npm run check`: the fast part of `npm test`, without a browser and without long runs. */
import { checkSteps } from "./check-steps.mjs";
import { main } from "./command.mjs";
import { closingLine, runSteps } from "./steps.mjs";

await main(async () => {
  const counts = await runSteps(checkSteps);
  console.log(`\n${closingLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});
