import { expect, test } from "vitest";
import { instant } from "../units.ts";
import { nextMailAttemptAt } from "./mail-retries.ts";

const HOUR = 3_600_000;

test("a mail that is not taken is tried again within a minute, then ever more rarely", () => {
  expect(nextMailAttemptAt(1, instant(0))).toBe(60_000);
  expect(nextMailAttemptAt(4, instant(0))).toBe(HOUR);
  expect(nextMailAttemptAt(8, instant(0))).toBe(24 * HOUR);
});

test("it is given up after more than four days and not before", () => {
  let now = instant(0);
  let attempts = 1;
  for (let next = nextMailAttemptAt(attempts, now); next !== null; attempts += 1) {
    now = next;
    next = nextMailAttemptAt(attempts + 1, now);
  }
  expect(now).toBeGreaterThan(4 * 24 * HOUR);
  expect(now).toBeLessThan(6 * 24 * HOUR);
  expect(attempts).toBe(12);
});
