/**
 * The calendar against the platform's own: what `Intl` shows on the wall before and after. Nothing
 * here adds months to instants or knows an offset that was not read off such a wall.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths } from "./calendar.ts";
import { type Instant, instant } from "./units.ts";

const zones = [
  "UTC",
  "Europe/Lisbon",
  "Europe/Dublin",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Australia/Lord_Howe",
  "Australia/Adelaide",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Antarctica/Troll",
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }),
  ]),
);

/** What a clock on the wall shows, as the number of milliseconds it would be in UTC. */
function wall(at: number, timeZone: string): number {
  const parts = formats.get(timeZone)?.formatToParts(at) ?? [];
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const ms = ((at % 1_000) + 1_000) % 1_000;
  return Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
    ms,
  );
}

/** Same day of the month and time, or the last day of the month, counted on the wall. */
function wallAfterMonths(shown: number, months: number): number {
  const date = new Date(shown);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  return Date.UTC(year, month, day) + (shown % DAY);
}

/** Every offset the zone has within two days of there, read off the wall. None was ever kept for hours only. */
function offsetsAround(shown: number, timeZone: string): number[] {
  const offsets = new Set<number>();
  for (let at = shown - 2 * DAY; at <= shown + 2 * DAY; at += 6 * HOUR) {
    offsets.add(wall(at, timeZone) - at);
  }
  return [...offsets];
}

/** Often within a day of a clock change, found by looking for one from a random place on. */
const arbitraryCase = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    near: fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2040, 0, 1) }),
    months: fc.oneof(fc.constant(12), fc.integer({ min: 0, max: 30 })),
    aside: fc.integer({ min: -3 * 60, max: 3 * 60 }),
    isNearChange: fc.boolean(),
  })
  .map(({ timeZone, near, months, aside, isNearChange }) => {
    const target = isNearChange ? nextChange(near, timeZone) : near;
    // A wall time around the change, that many months earlier: where the answer is then hard.
    const shown = wallAfterMonths(wall(target, timeZone) + aside * MINUTE, -months);
    const offset = offsetsAround(shown, timeZone)[0] ?? 0;
    return { timeZone, months, from: instant(shown - offset) };
  });

function nextChange(from: number, timeZone: string): number {
  const offsetAt = (at: number) => wall(at, timeZone) - at;
  const offset = offsetAt(from);
  for (let at = from; at < from + 366 * DAY; at += 7 * DAY) {
    if (offsetAt(at) === offset) continue;
    let [before, after] = [at - 7 * DAY, at];
    while (after - before > MINUTE) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === offset) before = middle;
      else after = middle;
    }
    return after;
  }
  return from;
}

function judge(from: Instant, months: number, timeZone: string): "same" | "twice" | "skipped" {
  const result = addMonths(from, months, timeZone);
  const expected = wallAfterMonths(wall(from, timeZone), months);
  const offsets = offsetsAround(expected, timeZone);
  const readings = offsets
    .map((offset) => expected - offset)
    .filter((candidate) => wall(candidate, timeZone) === expected)
    .sort((a, b) => a - b);
  if (readings.length > 0) {
    expect(result).toBe(readings[0]);
    return readings.length === 1 ? "same" : "twice";
  }
  // Skipped: read with the offset from before the change, so the wall shows as much more as the gap.
  const gap = Math.max(...offsets) - Math.min(...offsets);
  expect(wall(result, timeZone)).toBe(expected + gap);
  expect(wall(result - gap, timeZone) < expected).toBe(true);
  return "skipped";
}

describe("adding months", () => {
  test("shows the wall time that the platform's calendar agrees with", () => {
    const seen = { same: 0, twice: 0, skipped: 0 };
    fc.assert(
      fc.property(arbitraryCase, ({ from, months, timeZone }) => {
        seen[judge(from, months, timeZone)] += 1;
      }),
      { numRuns: 400 },
    );
    // Clock changes are what this is about: a run that met none has shown nothing.
    expect(seen.twice).toBeGreaterThan(0);
    expect(seen.skipped).toBeGreaterThan(0);
  });

  test("never goes back in time, and later instants never end up earlier but for repeated hours", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ from, months, timeZone }) => {
        expect(addMonths(from, months, timeZone)).toBeGreaterThanOrEqual(
          months === 0 ? from - DAY : from,
        );
        const dayLater = addMonths(instant(from + 2 * DAY), months, timeZone);
        expect(dayLater).toBeGreaterThanOrEqual(addMonths(from, months, timeZone));
      }),
      { numRuns: 300 },
    );
  });
});
