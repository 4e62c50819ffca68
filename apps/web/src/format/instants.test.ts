import { describe, expect, test } from "vitest";
import {
  ageInWords,
  instantWithZone,
  lastUsableDay,
  type Place,
  shortInstant,
  untilInWords,
  zoneName,
} from "./instants.ts";

const lisbon: Place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const auckland: Place = { timeZone: "Pacific/Auckland", locale: "en-GB" };
const at = (iso: string) => Date.parse(iso);

describe("an instant", () => {
  test("is written in the account's time zone, which is named", () => {
    expect(instantWithZone(at("2027-03-14T09:12:00Z"), lisbon)).toBe(
      "14 March 2027, 09:12 (Lisbon)",
    );
  });

  test("may be on another day than in UTC", () => {
    expect(shortInstant(at("2027-03-14T20:30:00Z"), auckland)).toBe("15 Mar 2027, 09:30");
  });

  test("follows summer time", () => {
    expect(shortInstant(at("2027-03-28T00:59:00Z"), lisbon)).toBe("28 Mar 2027, 00:59");
    expect(shortInstant(at("2027-03-28T01:00:00Z"), lisbon)).toBe("28 Mar 2027, 02:00");
  });

  test("midnight is 00:00 and not 24:00", () => {
    expect(shortInstant(at("2027-03-14T00:00:00Z"), lisbon)).toBe("14 Mar 2027, 00:00");
  });

  test("a zone is named by its city", () => {
    expect(
      ["America/New_York", "America/Argentina/Buenos_Aires", "UTC", "Etc/UTC"].map(zoneName),
    ).toEqual(["New York", "Buenos Aires", "UTC", "UTC"]);
  });
});

describe("the last usable day", () => {
  test("is the day of the expiry, up to its time", () => {
    expect(lastUsableDay(at("2027-03-14T09:12:00Z"), lisbon)).toBe(
      "Sunday, 14 March 2027, until 09:12",
    );
  });

  test("is the whole day before an expiry at midnight", () => {
    expect(lastUsableDay(at("2027-03-14T00:00:00Z"), lisbon)).toBe(
      "Saturday, 13 March 2027, until midnight",
    );
  });

  test("one millisecond after midnight it is the new day", () => {
    expect(lastUsableDay(at("2027-03-14T00:00:00.001Z"), lisbon)).toBe(
      "Sunday, 14 March 2027, until 00:00",
    );
  });
});

describe("how far away", () => {
  const now = at("2027-03-14T22:00:00Z");
  const until = (iso: string) => untilInWords({ at: at(iso), now }, lisbon);

  test("days are counted by the calendar of the account", () => {
    expect(until("2027-03-16T21:00:00Z")).toBe("in 2 days");
    expect(until("2027-03-15T22:00:00Z")).toBe("in 1 day");
  });

  test("a day that summer time shortens is still a day", () => {
    const saturdayNoon = at("2027-03-27T12:00:00Z");
    expect(untilInWords({ at: at("2027-03-29T11:00:00Z"), now: saturdayNoon }, lisbon)).toBe(
      "in 2 days",
    );
  });

  test("less than a day is counted by the clock", () => {
    expect(until("2027-03-15T21:59:59Z")).toBe("in 23 hours");
    expect(until("2027-03-14T23:00:00Z")).toBe("in 1 hour");
    expect(until("2027-03-14T22:59:59Z")).toBe("in 60 minutes");
    expect(until("2027-03-14T22:00:01Z")).toBe("in 1 minute");
  });

  test("the instant itself is now", () => {
    expect(until("2027-03-14T22:00:00Z")).toBe("now");
    expect(until("2027-03-14T21:00:00Z")).toBe("now");
  });
});

test("an age is told in its largest whole unit", () => {
  expect([0, 1_000, 59_999, 60_000, 7_200_000, 90_000_000].map(ageInWords)).toEqual([
    "0 seconds",
    "1 second",
    "59 seconds",
    "1 minute",
    "2 hours",
    "1 day",
  ]);
});
