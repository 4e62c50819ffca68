import { describe, expect, test } from "vitest";
import { BrokenInvariant } from "./invariant.ts";
import {
  add,
  CREDITS_MAX,
  credits,
  earliest,
  instant,
  isCredits,
  isoOf,
  parseInstant,
  subtract,
  total,
} from "./units.ts";

describe("credits", () => {
  test.each([0, 1, CREDITS_MAX])("%d is an amount of credits", (value) => {
    expect(credits(value)).toBe(value);
  });

  test.each([-1, 0.5, CREDITS_MAX + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    "%d is not an amount of credits",
    (value) => {
      expect(isCredits(value)).toBe(false);
      expect(() => credits(value)).toThrow(BrokenInvariant);
    },
  );

  test("no more can be taken than there is", () => {
    expect(subtract(credits(2), credits(2))).toBe(0);
    expect(() => subtract(credits(2), credits(3))).toThrow(BrokenInvariant);
  });

  test("a sum beyond the largest amount is refused instead of stored", () => {
    expect(() => add(credits(CREDITS_MAX), credits(1))).toThrow(BrokenInvariant);
    expect(() => total([credits(CREDITS_MAX), credits(1)])).toThrow(BrokenInvariant);
  });

  test("the total of nothing is no credits", () => {
    expect(total([])).toBe(0);
  });
});

describe("an instant", () => {
  test("is a whole number of milliseconds that a calendar can name", () => {
    expect(instant(8.64e15)).toBe(8.64e15);
    for (const value of [0.5, 8.64e15 + 2, -8.64e15 - 2, Number.NaN]) {
      expect(() => instant(value)).toThrow(BrokenInvariant);
    }
  });

  test.each([
    ["2026-03-10T12:00Z", "2026-03-10T12:00:00.000Z"],
    ["2026-03-10T12:00:01Z", "2026-03-10T12:00:01.000Z"],
    ["2026-03-10T12:00:01.5+02:00", "2026-03-10T10:00:01.500Z"],
    ["2026-03-10T00:30:00-03:30", "2026-03-10T04:00:00.000Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(isoOf(parseInstant(text) ?? instant(0))).toBe(iso);
  });

  test("finer fractions than a millisecond are cut off, so it stays a whole number", () => {
    expect(parseInstant("2026-03-10T12:00:00.0019Z")).toBe(Date.UTC(2026, 2, 10, 12, 0, 0, 1));
  });

  test.each([
    ["a local time, which is another instant everywhere", "2026-03-10T12:00:00"],
    ["a date alone", "2026-03-10"],
    ["a day its month does not have", "2026-02-30T00:00Z"],
    ["29 February of a common year", "2027-02-29T00:00Z"],
    ["a month that does not exist", "2026-13-01T00:00Z"],
    ["an hour that does not exist", "2026-03-10T25:00Z"],
    ["an offset that does not exist", "2026-03-10T12:00+99:99"],
    ["words around it", " 2026-03-10T12:00Z"],
    ["a year beyond four digits", "+012026-03-10T12:00Z"],
    ["nothing", ""],
  ])("%s is refused", (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test("the earliest of several ignores those that do not exist", () => {
    expect(earliest([null, instant(3), instant(2), null])).toBe(2);
    expect(earliest([null, null])).toBeNull();
  });
});
