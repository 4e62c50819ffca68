/**
 * Runs one project of `vitest.config.ts` and counts its tests from the JSON
 * report, so that the figures at the end are the runner's own.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { run } from "./command.mjs";
import { root } from "./repository.mjs";
/**
 * @param {string} title
 * @param {string} project
 * @param {() => Promise<Record<string, string>>} [environment] asked for just before the run
 * @param {string[]} [more] other arguments, such as the files to run alone
 */
export function vitestStep(title, project, environment = async () => ({}), more = []) {
  return { title, run: async () => runProject(project, more, await environment()) };
}

async function runProject(project, more, env) {
  const folder = mkdtempSync(join(tmpdir(), "scanmeter-report-"));
  const report = join(folder, "report.json");
  const args = [
    join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--project", project, ...more],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  ];
  try {
    const { code } = await run(process.execPath, args, { env: { ...env, CI: "true" } });
    return countReport(readFileSync(report, "utf8"), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A file that could not even be loaded has no failing test in the report, and
 * an error outside of any test only shows in the exit code: both count as one.
 * So does a run without a single test, because it proves nothing.
 */
export function countReport(json, exitCode) {
  const report = JSON.parse(json);
  const brokenFiles = report.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + brokenFiles.length;
  if (failed === 0 && (exitCode !== 0 || passed === 0)) {
    return { passed, failed: 1, failures: ["No test failed, and yet the run did."] };
  }
  const failures = [
    ...report.testResults.flatMap((file) => file.assertionResults.flatMap(failureOf)),
    ...brokenFiles.map((file) => `${file.name}\n${beginningOf(file.message)}`),
  ];
  return { passed, failed, failures };
}

function failureOf({ status, fullName, failureMessages }) {
  if (status !== "failed") return [];
  return [[fullName, ...(failureMessages ?? []).map(beginningOf)].join("\n")];
}

/** As much as tells one failure from another; the whole of it was printed by the run. */
function beginningOf(message = "") {
  return stripVTControlCharacters(message).split("\n").slice(0, 12).join("\n");
}
