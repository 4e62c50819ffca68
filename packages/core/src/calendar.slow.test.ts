/**
 * The rule of twelve months over all 146,097 days after which the calendar repeats, against a second
 * calendar that shares nothing with the first: days are counted one by one, and each zone's offsets
 * are read from what the platform prints. Every day is tried at one time of the day, which is another
 * for each; days on which clocks change, or to which the rule leads when they do, also at the edges
 * and within what is skipped or repeated.
 */
import { describe, expect, test } from "vitest";
import { addMonths } from "./calendar.ts";
import { instant } from "./units.ts";

const DAY = 86_400_000;
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;
const FIRST_YEAR = 1970;

const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** For each day since 1970-01-01 the number of the day that the calendar shows a year later. */
function daysAYearLater(): number[] {
  const dates: { year: number; month: number; day: number }[] = [];
  const numbers = new Map<string, number>();
  for (let year = FIRST_YEAR; year <= FIRST_YEAR + CYCLE_YEARS; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= daysInMonth(year, month); day++) {
        numbers.set(`${year}-${month}-${day}`, dates.length);
        dates.push({ year, month, day });
      }
    }
  }
  const cycle = dates.filter(({ year }) => year < FIRST_YEAR + CYCLE_YEARS);
  return cycle.map(({ year, month, day }) => {
    const kept = Math.min(day, daysInMonth(year + 1, month));
    return numbers.get(`${year + 1}-${month}-${kept}`) ?? Number.NaN;
  });
}

const yearLater = daysAYearLater();

/** From one clock change to the next. On the wall it shows what is from `from` to `until` plus the offset. */
interface Stretch {
  readonly from: number;
  until: number;
  readonly offset: number;
}

/** "GMT-00:44:30" at the end of what is printed; Greenwich itself has no sign in some versions. */
function makeOffsetAt(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (at) => {
    const printed = format.format(at);
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(printed);
    if (match === null) throw new Error(`no offset in ${printed}`);
    const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
    return sign === "-" ? -size : size;
  };
}

/** Clocks never change twice in a day, so a look at each day finds every change. */
function stretchesOf(timeZone: string): Stretch[] {
  const offsetAt = makeOffsetAt(timeZone);
  const end = (CYCLE_DAYS + 368) * DAY;
  const stretches: Stretch[] = [];
  let stretch: Stretch = { from: -2 * DAY, until: end, offset: offsetAt(-2 * DAY) };
  for (let at = stretch.from + DAY; at < end; at += DAY) {
    const offset = offsetAt(at);
    if (offset === stretch.offset) continue;
    let [before, after] = [at - DAY, at];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === stretch.offset) before = middle;
      else after = middle;
    }
    stretches.push({ ...stretch, until: after });
    stretch = { from: after, until: end, offset };
  }
  return [...stretches, stretch];
}

/** The first whose end is later on the wall. It is the earlier of two that show the time, if any does. */
function stretchEndingAfter(wall: number, stretches: readonly Stretch[]): number {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { until, offset } = stretches[middle] as Stretch;
    if (until + offset > wall) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The instants at which the wall shows this: none, one or two. */
function readingsOf(wall: number, stretches: readonly Stretch[]): number[] {
  const index = stretchEndingAfter(wall, stretches);
  return stretches
    .slice(index, index + 2)
    .filter(({ from, offset }) => from + offset <= wall)
    .map(({ offset }) => wall - offset);
}

/** The earlier of two; and what is skipped is read as if the clocks had not been changed yet. */
function instantOf(wall: number, stretches: readonly Stretch[]): number {
  const [earlier] = readingsOf(wall, stretches);
  if (earlier !== undefined) return earlier;
  const before = stretches[stretchEndingAfter(wall, stretches) - 1] as Stretch;
  return wall - before.offset;
}

/** By day, the times around and within what clock changes skip or repeat there. */
function hardTimesOf(stretches: readonly Stretch[]): Map<number, number[]> {
  const hard = new Map<number, number[]>();
  for (const [index, { from, offset }] of stretches.entries()) {
    const before = stretches[index - 1];
    if (before === undefined) continue;
    const low = from + Math.min(before.offset, offset);
    const high = from + Math.max(before.offset, offset);
    for (const wall of [low - 1, low, Math.floor((low + high) / 2), high - 1, high]) {
      const day = Math.floor(wall / DAY);
      hard.set(day, [...(hard.get(day) ?? []), wall - day * DAY]);
    }
  }
  return hard;
}

/** Has no factor in common with the length of a day, so every part of the day has its turn. */
const STEP = 48_271_777;

interface Seen {
  days: number;
  skipped: number;
  repeated: number;
  readonly wrong: string[];
}

function compare(timeZone: string): Seen {
  const stretches = stretchesOf(timeZone);
  const hard = hardTimesOf(stretches);
  const seen: Seen = { days: 0, skipped: 0, repeated: 0, wrong: [] };
  for (const [day, later] of yearLater.entries()) {
    const times = [(day * STEP) % DAY, ...(hard.get(day) ?? []), ...(hard.get(later) ?? [])];
    let isThere = false;
    for (const time of times) {
      const wall = later * DAY + time;
      const expected = instantOf(wall, stretches);
      const readings = hard.has(later) ? readingsOf(wall, stretches).length : 1;
      for (const from of readingsOf(day * DAY + time, stretches)) {
        isThere = true;
        if (readings === 0) seen.skipped += 1;
        if (readings === 2) seen.repeated += 1;
        const actual = addMonths(instant(from), 12, timeZone);
        if (actual === expected || seen.wrong.length === 5) continue;
        const [a, b, c] = [from, actual, expected].map((at) => new Date(at).toISOString());
        seen.wrong.push(`${a} leads to ${b} and not to ${c}`);
      }
    }
    if (isThere) seen.days += 1;
  }
  return seen;
}

describe("twelve months later, on each day of 400 years, it is the same day and time", () => {
  test("by a calendar that counts 146,097 days, of which 97 a year later are the day before", () => {
    expect(yearLater).toHaveLength(CYCLE_DAYS);
    const steps = yearLater.map((later, day) => later - day);
    expect(steps.filter((step) => step !== 365 && step !== 366)).toEqual([]);
    // 28 and 29 February lead to one day; so do no other two.
    const shared = yearLater.filter((later, day) => later === yearLater[day - 1]);
    expect(shared).toHaveLength(97);
  });

  test("by clocks that change when history says so", () => {
    const changeOf = (timeZone: string, at: string) => {
      const stretches = stretchesOf(timeZone);
      const index = stretches.findIndex(({ from }) => from === Date.parse(at));
      return stretches.slice(index - 1, index + 1).map(({ offset }) => offset / 60_000);
    };
    expect(changeOf("Europe/Lisbon", "2026-03-29T01:00:00Z")).toEqual([0, 60]);
    expect(changeOf("America/New_York", "2026-11-01T06:00:00Z")).toEqual([-240, -300]);
    expect(changeOf("Australia/Lord_Howe", "2026-10-03T15:30:00Z")).toEqual([630, 660]);
    expect(changeOf("Pacific/Apia", "2011-12-30T10:00:00Z")).toEqual([-600, 840]);
    expect(changeOf("Africa/Monrovia", "1972-01-07T00:44:30Z")).toEqual([-44.5, 0]);
    expect(stretchesOf("UTC")).toHaveLength(1);
  });

  test.each([
    ["UTC", "clocks never change"],
    ["Europe/Lisbon", "northern summer"],
    ["America/St_Johns", "half an hour aside, once two hours of summer time"],
    ["America/Sao_Paulo", "southern summer until 2019, from midnight on"],
    ["Africa/Casablanca", "clocks go back for a month that follows the moon"],
    ["Africa/Monrovia", "44 minutes and 30 seconds behind until 1972"],
    ["Australia/Lord_Howe", "southern summer by half an hour"],
    ["Pacific/Chatham", "45 minutes aside, southern summer"],
    ["Pacific/Apia", "30 December 2011 did not exist"],
  ])("in %s: %s", (timeZone) => {
    const { wrong, days, skipped, repeated } = compare(timeZone);
    expect(wrong).toEqual([]);
    // Samoa went to bed on a Thursday and woke up on a Saturday.
    expect(days).toBe(timeZone === "Pacific/Apia" ? CYCLE_DAYS - 1 : CYCLE_DAYS);
    // Meeting none would show nothing about them.
    if (timeZone !== "UTC") expect(skipped).toBeGreaterThan(0);
    if (timeZone !== "UTC" && timeZone !== "Africa/Monrovia") expect(repeated).toBeGreaterThan(0);
  });
});
