import { expect, test } from "vitest";
import { lastUsedInWords, nameProblem } from "./key-words.ts";

const NOON = Date.parse("2027-03-14T12:00:00.000Z");
const used = (iso: string | null) => lastUsedInWords(iso, NOON);

test("the last use is told no more exactly than it is noted", () => {
  expect(used("2027-03-14T11:59:59.000Z")).toBe("within the last minute");
  expect(used("2027-03-14T11:59:00.000Z")).toBe("1 minute ago");
  expect(used("2027-03-11T12:00:00.000Z")).toBe("3 days ago");
});

test("a key that nobody used says so, and one used ahead of this clock was used just now", () => {
  expect(used(null)).toBe("never");
  expect(used("2027-03-14T12:00:30.000Z")).toBe("within the last minute");
});

test("a key without a name could not be told from the others", () => {
  expect(nameProblem("  ")).toMatch(/^Enter a name/);
  expect(nameProblem("CI")).toBeUndefined();
});
