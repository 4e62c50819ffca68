import { describe, expect, test } from "vitest";
import { addMonths, daysUntil, isTimeZone } from "./calendar.ts";
import { type Instant, instant, isoOf, parseInstant } from "./units.ts";

function at(text: string): Instant {
  return parseInstant(text) ?? instant(Number.NaN);
}

function moved(from: string, months: number, timeZone: string): string {
  return isoOf(addMonths(at(from), months, timeZone)).replace(".000Z", "Z");
}

describe("so many months later it is the same day and time", () => {
  test.each([
    ["2026-03-10T12:00:00Z", 12, "UTC", "2027-03-10T12:00:00Z"],
    ["2026-03-10T12:00:00Z", 0, "UTC", "2026-03-10T12:00:00Z"],
    ["2026-11-30T00:00:00Z", 1, "UTC", "2026-12-30T00:00:00Z"],
    ["2026-12-31T23:59:59Z", 12, "UTC", "2027-12-31T23:59:59Z"],
    ["2026-01-15T18:29:00Z", 12, "Asia/Kolkata", "2027-01-15T18:29:00Z"],
  ])("%s and %d months in %s", (from, months, timeZone, to) => {
    expect(moved(from, months, timeZone)).toBe(to);
  });

  test("down to the millisecond", () => {
    expect(addMonths(at("2026-03-10T12:00:00.123Z"), 12, "UTC")).toBe(
      at("2027-03-10T12:00:00.123Z"),
    );
  });
});

describe("a day the month does not have becomes its last one", () => {
  test.each([
    ["29 February", "2028-02-29T12:00:00Z", 12, "2029-02-28T12:00:00Z"],
    ["29 February, to the next leap year", "2028-02-29T12:00:00Z", 48, "2032-02-29T12:00:00Z"],
    ["28 February stays, even in a leap year", "2027-02-28T12:00:00Z", 12, "2028-02-28T12:00:00Z"],
    ["31 January", "2026-01-31T12:00:00Z", 1, "2026-02-28T12:00:00Z"],
    ["31 January of a leap year", "2028-01-31T12:00:00Z", 1, "2028-02-29T12:00:00Z"],
    ["31 October", "2026-10-31T12:00:00Z", 1, "2026-11-30T12:00:00Z"],
    ["31 August, over the new year", "2026-08-31T12:00:00Z", 6, "2027-02-28T12:00:00Z"],
    ["29 February 2096: 2100 is no leap year", "2096-02-29T12:00:00Z", 48, "2100-02-28T12:00:00Z"],
  ])("%s", (_, from, months, to) => {
    expect(moved(from, months, "UTC")).toBe(to);
  });

  test("by the calendar of the account's zone, not by that of UTC", () => {
    // In Auckland this is 29 February already, in New York still the 28th.
    const from = "2028-02-28T23:30:00Z";
    expect(moved(from, 12, "Pacific/Auckland")).toBe("2029-02-27T23:30:00Z");
    expect(moved(from, 12, "America/New_York")).toBe("2029-02-28T23:30:00Z");
  });
});

describe("clock changes between the two do not move the time of day", () => {
  test.each([
    // Noon in winter is noon in summer, an hour earlier by UTC.
    ["2026-01-10T12:00:00Z", 6, "Europe/Lisbon", "2026-07-10T11:00:00Z"],
    ["2026-07-10T16:00:00Z", 6, "America/New_York", "2027-01-10T17:00:00Z"],
    // Lord Howe moves its clocks by half an hour.
    ["2026-01-10T01:00:00Z", 6, "Australia/Lord_Howe", "2026-07-10T01:30:00Z"],
  ])("%s and %d months in %s", (from, months, timeZone, to) => {
    expect(moved(from, months, timeZone)).toBe(to);
  });
});

describe("a local time that a clock change skips moves forward by the gap", () => {
  test.each([
    // 29 March 2026, 01:00 to 02:00.
    ["2025-03-29T01:30:00Z", 12, "Europe/Lisbon", "2026-03-29T01:30:00Z"],
    ["2025-12-29T01:30:00Z", 3, "Europe/Lisbon", "2026-03-29T01:30:00Z"],
    ["2025-12-29T00:59:59Z", 3, "Europe/Lisbon", "2026-03-29T00:59:59Z"],
    ["2025-12-29T02:00:00Z", 3, "Europe/Lisbon", "2026-03-29T01:00:00Z"],
    // 8 March 2026, 02:00 to 03:00.
    ["2025-03-08T07:30:00Z", 12, "America/New_York", "2026-03-08T07:30:00Z"],
    // 4 October 2026, 02:00 to 02:30: 02:10 becomes 02:40.
    ["2026-08-03T15:40:00Z", 2, "Australia/Lord_Howe", "2026-10-03T15:40:00Z"],
    // 30 December 2011 did not exist in Samoa: the next day, the same time of day.
    ["2010-12-30T09:59:59Z", 12, "Pacific/Apia", "2011-12-30T09:59:59Z"],
    ["2010-12-30T10:00:00Z", 12, "Pacific/Apia", "2011-12-30T10:00:00Z"],
    ["2010-12-30T21:00:00Z", 12, "Pacific/Apia", "2011-12-30T21:00:00Z"],
  ])("%s and %d months in %s", (from, months, timeZone, to) => {
    expect(moved(from, months, timeZone)).toBe(to);
  });
});

describe("a local time that happens twice is the earlier of the two", () => {
  test.each([
    // 25 October 2026, 01:00 to 02:00 twice.
    ["2026-09-25T00:30:00Z", 1, "Europe/Lisbon", "2026-10-25T00:30:00Z"],
    // 1 November 2026, 01:00 to 02:00 twice.
    ["2026-10-01T05:30:00Z", 1, "America/New_York", "2026-11-01T05:30:00Z"],
    // 5 April 2026, 01:30 to 02:00 twice.
    ["2026-03-04T14:45:00Z", 1, "Australia/Lord_Howe", "2026-04-04T14:45:00Z"],
    // From the second of the two to an ordinary day: the same time of day.
    ["2026-10-25T01:30:00Z", 12, "Europe/Lisbon", "2027-10-25T00:30:00Z"],
  ])("%s and %d months in %s", (from, months, timeZone, to) => {
    expect(moved(from, months, timeZone)).toBe(to);
  });
});

describe("a time zone", () => {
  test.each(["UTC", "Europe/Lisbon", "America/Argentina/Ushuaia", "Asia/Kolkata"])(
    "%s is known",
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  const instant = "2026-03-10T12:00Z[Europe/Lisbon]";
  test.each(["", "Europe/Atlantis", "+02:00", "-0330", "Lisbon", "2026-03-10", "local", instant])(
    "%j is not",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});

describe("the last days of a time zone", () => {
  const starts = (until: string, count: number, timeZone: string) =>
    daysUntil(at(until), count, timeZone).map(({ date, startsAt }) => [
      date,
      isoOf(startsAt).slice(5, 16),
    ]);

  test("end with the one that is going on, by the calendar on the wall there", () => {
    expect(starts("2026-03-01T04:59:59Z", 2, "America/New_York")).toEqual([
      ["2026-02-27", "02-27T05:00"],
      ["2026-02-28", "02-28T05:00"],
    ]);
    expect(starts("2026-03-01T05:00:00Z", 1, "America/New_York")).toEqual([
      ["2026-03-01", "03-01T05:00"],
    ]);
  });

  test("are 23 or 25 hours long where the clocks are changed", () => {
    expect(starts("2026-03-30T12:00:00Z", 3, "Europe/Lisbon")).toEqual([
      ["2026-03-28", "03-28T00:00"],
      ["2026-03-29", "03-29T00:00"],
      ["2026-03-30", "03-29T23:00"],
    ]);
    expect(starts("2026-10-26T12:00:00Z", 2, "Europe/Lisbon")).toEqual([
      ["2026-10-25", "10-24T23:00"],
      ["2026-10-26", "10-26T00:00"],
    ]);
  });

  test("begin at their first instant, also where midnight is skipped or the zone is odd", () => {
    expect(starts("2026-04-24T12:00:00Z", 1, "Africa/Cairo")).toEqual([
      ["2026-04-24", "04-23T22:00"],
    ]);
    expect(starts("2026-04-24T12:00:00Z", 1, "Asia/Kathmandu")).toEqual([
      ["2026-04-24", "04-23T18:15"],
    ]);
  });
});
