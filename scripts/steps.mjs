/**
 * Runs the steps of a check one after the other and adds up what they counted.
 * A failing step does not hide the ones after it, unless they build on it.
 */
import { performance } from "node:perf_hooks";

/**
 * `failures` says of each failure what it was and why, in as few lines as it takes.
 * @typedef {{ passed: number, failed: number, failures?: string[] }} Counts
 * @typedef {{ title: string, isPrerequisite?: boolean, run: () => Promise<Counts> }} Step
 */

/** @param {Step[]} steps @returns {Promise<Counts>} */
export async function runSteps(steps, print = console.log) {
  const rows = [];
  let isBlocked = false;
  for (const { title, isPrerequisite, run } of steps) {
    if (isBlocked) {
      rows.push({ title, passed: 0, failed: 1, note: "not run" });
      continue;
    }
    print(`\n=== ${title}`);
    const startedAt = performance.now();
    const counts = await countsOf(run, print);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    rows.push({ title, ...counts, note: `${seconds} s` });
    if (isPrerequisite && counts.failed > 0) isBlocked = true;
  }
  print("\n=== Summary");
  for (const row of rows) {
    print(lineFor(row));
    for (const failure of row.failures ?? []) print(failure.replace(/^/gm, "     "));
  }
  return {
    passed: rows.reduce((sum, row) => sum + row.passed, 0),
    failed: rows.reduce((sum, row) => sum + row.failed, 0),
  };
}

/** The line other programs read; it stands alone, as the last one. */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** A step that counts as one: it failed if its work answers `false` or throws. */
export function step(title, work, { isPrerequisite = false } = {}) {
  const run = async () => {
    const isFine = (await work()) !== false;
    return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1 };
  };
  return { title, isPrerequisite, run };
}

async function countsOf(run, print) {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    print(message);
    return { passed: 0, failed: 1, failures: [message] };
  }
}

function lineFor({ title, passed, failed, note }) {
  const verdict = failed > 0 ? "FAIL" : "ok";
  return `${verdict.padEnd(5)}${title.padEnd(34)}${closingLine({ passed, failed }).padEnd(24)}${note}`;
}
