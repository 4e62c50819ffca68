import { describe, expect, test } from "vitest";
import { type Instant, isoOf, parseInstant } from "../units.ts";
import { daysBefore, monthOf } from "./wall-clock.ts";

const instantOf = (text: string) => parseInstant(text) as Instant;
const short = (at: Instant) => isoOf(at).replace(".000Z", "Z");

describe("so many days before it is the same time of day", () => {
  test.each([
    ["an ordinary week", "2027-06-10T12:00:00Z", "UTC", "2027-06-07T12:00:00Z"],
    ["over a month's end", "2027-03-02T12:00:00Z", "UTC", "2027-02-27T12:00:00Z"],
    ["over 29 February", "2028-03-02T12:00:00Z", "UTC", "2028-02-28T12:00:00Z"],
    // Clocks go forward on 28 March 2027: 71 hours earlier.
    ["into summer time", "2027-03-29T11:00:00Z", "Europe/Lisbon", "2027-03-26T12:00:00Z"],
    // And back on 31 October: 73 hours earlier.
    ["out of summer time", "2027-11-01T12:00:00Z", "Europe/Lisbon", "2027-10-29T11:00:00Z"],
    ["a time that was skipped", "2027-03-31T00:30:00Z", "Europe/Lisbon", "2027-03-28T01:30:00Z"],
    ["a time that came twice", "2027-11-03T01:30:00Z", "Europe/Lisbon", "2027-10-31T00:30:00Z"],
  ])("%s", (_, from, timeZone, to) => {
    expect(short(daysBefore(instantOf(from), 3, timeZone))).toBe(to);
  });
});

describe("a calendar month", () => {
  test("begins with its first instant and ends before the next one's", () => {
    const month = monthOf(instantOf("2027-02-10T12:00:00Z"), "UTC");
    expect([short(month.from), short(month.until)]).toEqual([
      "2027-02-01T00:00:00Z",
      "2027-03-01T00:00:00Z",
    ]);
    expect(monthOf(month.from, "UTC")).toEqual(month);
    expect(monthOf(month.until, "UTC").from).toBe(month.until);
  });

  test("is the one of the account's time zone", () => {
    const at = instantOf("2027-01-31T23:30:00Z");
    expect(short(monthOf(at, "Pacific/Auckland").from)).toBe("2027-01-31T11:00:00Z");
    expect(short(monthOf(at, "America/New_York").until)).toBe("2027-02-01T05:00:00Z");
  });

  test("begins at the first time of day there is, where midnight is skipped", () => {
    // Asunción's clocks went from 00:00 to 01:00 on 1 October 2023.
    const month = monthOf(instantOf("2023-10-15T12:00:00Z"), "America/Asuncion");
    expect(short(month.from)).toBe("2023-10-01T04:00:00Z");
  });
});
