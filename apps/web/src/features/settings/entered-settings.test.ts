import { expect, test } from "vitest";
import { changesOf, type EnteredSettings, isSaved, nameProblem } from "./entered-settings.ts";

const saved: EnteredSettings = {
  name: "Acme",
  timeZone: "Europe/Lisbon",
  currency: "EUR",
  whenOutOfCredits: "pause",
};

test("only what was changed is sent", () => {
  expect(changesOf(saved, saved)).toEqual({ account: null, whenOutOfCredits: null });
  expect(changesOf({ ...saved, whenOutOfCredits: "finish" }, saved)).toEqual({
    account: null,
    whenOutOfCredits: "finish",
  });
  expect(changesOf({ ...saved, timeZone: "Asia/Tokyo" }, saved)).toEqual({
    account: { name: "Acme", timeZone: "Asia/Tokyo" },
    whenOutOfCredits: null,
  });
  expect(changesOf({ ...saved, currency: "CHF" }, saved).account).toMatchObject({
    currency: "CHF",
  });
});

test("blanks around a name are no change, and nothing but blanks is no name", () => {
  expect(isSaved({ ...saved, name: " Acme " }, saved)).toBe(true);
  expect(isSaved({ ...saved, name: "Acme 2" }, saved)).toBe(false);
  expect(nameProblem(" ")).toMatch(/^Enter a name/);
  expect(nameProblem("Acme")).toBeUndefined();
});
