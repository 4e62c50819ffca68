import { describe, expect, test } from "vitest";
import {
  type EnteredSettings,
  enteredFrom,
  isSaved,
  problemOf,
  type SavedSettings,
  settingsInput,
  settingsProblems,
} from "./entered-settings.ts";

const never: SavedSettings = {
  enabled: false,
  quantity: 10,
  triggers: { outOfCredits: false, beforeExpiry: false },
  threshold: 0,
  monthlyLimitMinor: null,
  currency: "EUR",
  quantityMax: 10_000,
};
const on: EnteredSettings = {
  enabled: true,
  quantity: "25",
  outOfCredits: true,
  beforeExpiry: false,
  threshold: "5",
  monthlyLimit: "300",
};
const problems = (entered: Partial<EnteredSettings>) =>
  settingsProblems({ ...on, ...entered }, never, "en-GB");
const input = (entered: Partial<EnteredSettings>) =>
  settingsInput({ ...on, ...entered }, never, "en-GB");

test("an account that never saved any finds nothing ticked", () => {
  expect(enteredFrom(never)).toEqual({
    enabled: false,
    quantity: "10",
    outOfCredits: false,
    beforeExpiry: false,
    threshold: "0",
    monthlyLimit: "",
  });
});

test("what is typed is sent as whole credits and minor units", () => {
  expect(problems({})).toEqual({});
  expect(input({ monthlyLimit: "1,234.5" })).toEqual({
    enabled: true,
    quantity: 25,
    triggers: { outOfCredits: true, beforeExpiry: false },
    threshold: 5,
    monthlyLimitMinor: 1234_50,
  });
});

describe("when it is on", () => {
  test("at least one credit is bought, and no more than can be", () => {
    expect(problems({ quantity: "1" })).toEqual({});
    expect(problems({ quantity: "10000" })).toEqual({});
    for (const quantity of ["", "0", "1.5", "ten", "10001"])
      expect(Object.keys(problems({ quantity })), quantity).toEqual(["quantity"]);
  });

  test("at least one occasion is chosen", () => {
    expect(problems({ outOfCredits: false }).triggers).toMatch(/at least one/);
    expect(problems({ outOfCredits: false, beforeExpiry: true })).toEqual({});
  });

  test("no threshold and no limit are fine, and every field that is wrong says so", () => {
    expect(problems({ threshold: "", monthlyLimit: "" })).toEqual({});
    expect(input({ threshold: "", monthlyLimit: "" })).toMatchObject({
      threshold: 0,
      monthlyLimitMinor: null,
    });
    expect(Object.keys(problems({ quantity: "x", threshold: "-1", monthlyLimit: "lots" }))).toEqual(
      ["quantity", "threshold", "monthlyLimitMinor"],
    );
  });
});

test("off can be saved whatever else is typed, and a field that is wrong stays as it was", () => {
  const entered = { enabled: false, quantity: "0", threshold: "x", monthlyLimit: "y" };
  expect(problems({ ...entered, outOfCredits: false })).toEqual({});
  expect(input(entered)).toMatchObject({ quantity: 10, threshold: 0, monthlyLimitMinor: null });
});

describe("what is typed is saved", () => {
  const saved = { ...never, ...input({}) };
  const same = (entered: Partial<EnteredSettings>) =>
    isSaved({ ...on, ...entered }, saved, "en-GB");

  test("however its numbers are written", () => {
    expect(same({})).toBe(true);
    expect(same({ quantity: " 25 ", monthlyLimit: "€300.00" })).toBe(true);
    expect(isSaved(enteredFrom(saved, "en-GB"), saved, "en-GB")).toBe(true);
  });

  test("and not with any field changed, or wrong", () => {
    const changes: Partial<EnteredSettings>[] = [
      { enabled: false },
      { quantity: "26" },
      { beforeExpiry: true },
      { threshold: "4" },
      { monthlyLimit: "" },
      { quantity: "x" },
    ];
    for (const change of changes) expect(same(change), JSON.stringify(change)).toBe(false);
  });
});

test("a limit below one purchase is told with what one costs", () => {
  const refusal = {
    field: "monthlyLimitMinor",
    reason: "below_one_purchase",
    min: 113_05,
    max: null,
  } as const;
  expect(problemOf(refusal, "EUR", "en-GB")).toContain("€113.05");
});
