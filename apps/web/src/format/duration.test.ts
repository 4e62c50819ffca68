import { expect, test } from "vitest";
import { durationInWords } from "./duration.ts";

test("a duration is told in the units that matter at its size", () => {
  expect([0, 59.9, 60, 3_599, 3_600, 7_500, 86_400].map(durationInWords)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "59 min",
    "1 h",
    "2 h 5 min",
    "24 h",
  ]);
});

test("nothing lasted less than nothing", () => {
  expect(durationInWords(-5)).toBe("0 s");
});
