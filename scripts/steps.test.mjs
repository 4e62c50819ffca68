import { expect, test } from "vitest";
import { closingLine, runSteps, step } from "./steps.mjs";
import { countReport } from "./vitest-step.mjs";

const silent = () => {};
const counting = (passed, failed) => ({ title: "tests", run: async () => ({ passed, failed }) });

test("the closing line adds up the tests and the steps", async () => {
  const counts = await runSteps([step("format", () => true), counting(12, 1)], silent);
  expect(closingLine(counts)).toBe("13 passed, 1 failed");
});

test("a step that throws has failed, and the steps after it still run", async () => {
  const broken = step("types", () => {
    throw new Error("no compiler");
  });
  expect(await runSteps([broken, counting(2, 0)], silent)).toEqual({ passed: 2, failed: 1 });
});

test("what builds on a failed prerequisite is not run and counts as failed", async () => {
  const build = step("build", () => false, { isPrerequisite: true });
  expect(await runSteps([build, counting(2, 0)], silent)).toEqual({ passed: 0, failed: 2 });
});

function report({ passed = 0, failed = 0, files = [] }) {
  return JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files });
}

test("a test file that could not be loaded counts as a failure", () => {
  const files = [{ status: "failed", assertionResults: [] }];
  expect(countReport(report({ passed: 3, files }), 1)).toEqual({ passed: 3, failed: 1 });
});

test("a file with a failed test is counted by its tests", () => {
  const files = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
  expect(countReport(report({ passed: 3, failed: 1, files }), 1)).toEqual({ passed: 3, failed: 1 });
});

test("an error outside of any test counts as a failure", () => {
  expect(countReport(report({ passed: 3 }), 1)).toEqual({ passed: 3, failed: 1 });
});

test("a run without a single test proves nothing", () => {
  expect(countReport(report({}), 0)).toEqual({ passed: 0, failed: 1 });
});
