import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const backoff = { firstMs: 500, maxMs: 15_000 };

test("the ceiling doubles with each failure and stops at the maximum", () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, backoff, 1));
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test("the whole range below the ceiling is used, so that runners do not come back together", () => {
  expect([0, 0.25, 0.5].map((dice) => backoffMs(3, backoff, dice))).toEqual([0, 500, 1_000]);
});
