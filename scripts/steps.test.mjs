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

test("the summary says below its step what failed and why", async () => {
  const lines = [];
  const failing = {
    title: "tests",
    run: async () => ({ passed: 1, failed: 1, failures: ["a\nb"] }),
  };
  await runSteps([failing], (line) => lines.push(line));
  expect(lines.at(-1)).toBe("     a\n     b");
});

test("what builds on a failed prerequisite is not run and counts as failed", async () => {
  const build = step("build", () => false, { isPrerequisite: true });
  expect(await runSteps([build, counting(2, 0)], silent)).toEqual({ passed: 0, failed: 2 });
});

test("what is beside the others runs while they do, and prints all it has to say when it is done", async () => {
  const printed = [];
  let endOfTests;
  const tests = {
    title: "tests",
    // Would wait for ever, were the types not checked meanwhile.
    run: () => new Promise((resolve) => (endOfTests = () => resolve({ passed: 2, failed: 0 }))),
  };
  const format = step("format", async (print) => print("a line of format"), { isBeside: true });
  const types = step(
    "types",
    (print) => {
      print("a line of types");
      endOfTests();
      return false;
    },
    { isBeside: true },
  );
  const counts = await runSteps([format, types, tests], (text) => printed.push(text));
  expect(counts).toEqual({ passed: 3, failed: 1 });
  expect(printed).toEqual([
    "\n=== tests",
    "\n=== format\na line of format",
    "\n=== types\na line of types",
    "\n=== Summary",
    expect.stringMatching(/^ok +format/),
    expect.stringMatching(/^FAIL +types/),
    expect.stringMatching(/^ok +tests/),
  ]);
});

function report({ passed = 0, failed = 0, files = [] }) {
  return JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files });
}

test("a test file that could not be loaded counts as a failure", () => {
  const files = [{ name: "a.test.ts", status: "failed", message: "no b", assertionResults: [] }];
  const counts = countReport(report({ passed: 3, files }), 1);
  expect(counts).toEqual({ passed: 3, failed: 1, failures: ["a.test.ts\nno b"] });
});

test("a file with a failed test is counted by its tests, each with why it failed", () => {
  const failed = { status: "failed", fullName: "buys once", failureMessages: ["2, not 1"] };
  const files = [{ status: "failed", assertionResults: [{ status: "passed" }, failed] }];
  const counts = countReport(report({ passed: 3, failed: 1, files }), 1);
  expect(counts).toEqual({ passed: 3, failed: 1, failures: ["buys once\n2, not 1"] });
});

test("an error outside of any test counts as a failure", () => {
  expect(countReport(report({ passed: 3 }), 1)).toMatchObject({ passed: 3, failed: 1 });
});

test("a run without a single test proves nothing", () => {
  expect(countReport(report({}), 0)).toMatchObject({ passed: 0, failed: 1 });
});
