/**
 * Runs the steps of a check and adds up what they counted. A failing step does not hide the ones after
 * it, unless they build on it.
 */
import { performance } from "node:perf_hooks";

/**
 * `failures` says of each failure what it was and why, in as few lines as it takes.
 * @typedef {{ passed: number, failed: number, failures?: string[] }} Counts
 * @typedef {(text: string) => void} Print
 *
 * A prerequisite is what every step after it builds on. A step that is beside the others runs while
 * they do, after the earlier ones beside them, and prints through what it is given: all of it at once,
 * when it is done.
 * @typedef {{
 *   title: string,
 *   isPrerequisite?: boolean,
 *   isBeside?: boolean,
 *   run: (print: Print) => Promise<Counts>,
 * }} Step
 */

/** @param {Step[]} steps @returns {Promise<Counts>} */
export async function runSteps(steps, print = console.log) {
  /** What became of each, in their order; of those beside the others perhaps not yet. */
  const rows = [];
  let beside = Promise.resolve();
  let isBlocked = false;
  for (const step of steps) {
    const { title } = step;
    if (isBlocked) {
      rows.push({ title, passed: 0, failed: 1, note: "not run" });
    } else if (step.isBeside) {
      const row = beside.then(() => runBeside(step, print));
      beside = row;
      rows.push(row);
    } else {
      print(headingOf(step));
      const row = await runStep(step, print);
      rows.push(row);
      if (step.isPrerequisite && row.failed > 0) isBlocked = true;
    }
  }
  return summaryOf(await Promise.all(rows), print);
}

async function runBeside(step, print) {
  const lines = [headingOf(step)];
  const row = await runStep(step, (line) => lines.push(line));
  print(lines.join("\n"));
  return row;
}

async function runStep({ title, run }, print) {
  const startedAt = performance.now();
  const counts = await countsOf(run, print);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return { title, ...counts, note: `${seconds} s` };
}

const headingOf = ({ title }) => `\n=== ${title}`;

function summaryOf(rows, print) {
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
export function step(title, work, { isPrerequisite = false, isBeside = false } = {}) {
  const run = async (print) => {
    const isFine = (await work(print)) !== false;
    return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1 };
  };
  return { title, isPrerequisite, isBeside, run };
}

async function countsOf(run, print) {
  try {
    return await run(print);
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
