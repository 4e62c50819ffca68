import { describe, expect, test } from "vitest";
import { dayAsText, dayFromText, dayInWords, dayOf, endOfDay, spanAround } from "./days.ts";

const day = (text: string) => dayFromText(text) as number;
const endOf = (text: string, timeZone: string) =>
  new Date(endOfDay(day(text), timeZone)).toISOString().replace(".000Z", "Z");

test("the day is that of the account's zone", () => {
  const at = Date.parse("2026-12-31T23:30:00Z");
  expect(dayAsText(dayOf(at, "UTC"))).toBe("2026-12-31");
  expect(dayAsText(dayOf(at, "Asia/Kolkata"))).toBe("2027-01-01");
  expect(dayAsText(dayOf(at, "America/New_York"))).toBe("2026-12-31");
});

describe("a day ends with its last second", () => {
  test.each([
    ["2027-03-14", "UTC", "2027-03-14T23:59:59Z"],
    ["2027-03-14", "Pacific/Kiritimati", "2027-03-14T09:59:59Z"],
    ["2027-03-14", "Pacific/Niue", "2027-03-15T10:59:59Z"],
    // Of 23 and of 25 hours.
    ["2027-03-28", "Europe/Lisbon", "2027-03-28T22:59:59Z"],
    ["2027-10-31", "Europe/Lisbon", "2027-10-31T23:59:59Z"],
    // Clocks went from midnight back to 23:00, and from midnight on to 01:00.
    ["2018-02-17", "America/Sao_Paulo", "2018-02-18T02:59:59Z"],
    ["2018-11-03", "America/Sao_Paulo", "2018-11-04T02:59:59Z"],
  ])("%s in %s", (text, timeZone, end) => {
    expect(endOf(text, timeZone)).toBe(end);
    expect(dayAsText(dayOf(Date.parse(end), timeZone))).toBe(text);
    expect(dayOf(Date.parse(end) + 1_000, timeZone)).toBe(day(text) + 1);
  });
});

describe("one can look a year back and eighteen months ahead", () => {
  test.each([
    ["2026-11-22", "2025-11-22", "2028-05-22"],
    ["2028-02-29", "2027-02-28", "2029-08-29"],
    ["2026-08-31", "2025-08-31", "2028-02-29"],
  ])("from %s", (today, first, last) => {
    const span = spanAround(day(today));
    expect([dayAsText(span.first), dayAsText(span.last)]).toEqual([first, last]);
  });
});

test("what is not a date yet is none", () => {
  for (const text of ["", "2027", "2027-13-01", "14 March"]) expect(dayFromText(text)).toBeNull();
});

test("in words it is the day that was meant, wherever the reader is", () => {
  expect(dayInWords(day("2027-03-14"), "en-GB")).toBe("14 March 2027");
});
