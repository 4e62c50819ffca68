import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

const luckiest = () => 0;
const unluckiest = () => 1;

test("no attempt comes sooner than half a second", () => {
  for (const attempt of [0, 1, 5, 50]) expect(retryDelayMs(attempt, luckiest)).toBe(500);
});

test("the range doubles with each attempt up to five seconds", () => {
  const longest = [0, 1, 2, 3, 4, 2000].map((attempt) => retryDelayMs(attempt, unluckiest));
  expect(longest).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
});
