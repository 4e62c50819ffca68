import { expect, test } from "vitest";
import { dayTicks } from "./day-ticks.ts";

const ticks = (last: number, anchor: number, dayPx: number) =>
  dayTicks({ first: 0, last, anchor, dayPx, labelPx: 70 });

test("days are labelled at even distances that hold a label, and the given one always is", () => {
  expect(ticks(45, 29, 20)).toEqual([1, 8, 15, 22, 29, 36, 43]);
  expect(ticks(45, 29, 6)).toEqual([1, 15, 29, 43]);
  expect(ticks(7, 6, 100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("where hardly anything fits, only the given one is left", () => {
  expect(ticks(89, 80, 0.5)).toEqual([80]);
});
