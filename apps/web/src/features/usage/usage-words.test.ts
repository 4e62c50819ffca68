import type { ForecastView, UsageDayView, UsageView } from "@scanmeter/contracts/usage";
import { describe, expect, test } from "vitest";
import { courseInWords, dayOfUseInWords, forecastInWords, isUnused } from "./usage-words.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const quiet: UsageDayView = {
  date: "2027-03-01",
  used: 0,
  added: 0,
  expired: 0,
  other: 0,
  balanceAtEnd: 0,
};

function usage(forecast: Partial<ForecastView> = {}, days = [quiet]): UsageView {
  return {
    from: "2027-03-01T00:00:00.000Z",
    to: "2027-03-01T12:00:00.000Z",
    timeZone: "Europe/Lisbon",
    balanceAtStart: 0,
    days,
    forecast: {
      creditsPerDay: 3,
      runsOutAt: "2027-03-14T12:00:00.000Z",
      points: [{ at: "2027-03-01T12:00:00.000Z", available: 39 }],
      expiring: [],
      ...forecast,
    },
  };
}

const told = (forecast: Partial<ForecastView>, buysAutomatically = false) =>
  forecastInWords(usage(forecast), { place, buysAutomatically }).join(" ");

describe("the forecast in words", () => {
  test("says at what pace credits last until when, on the day of the account's zone", () => {
    expect(told({})).toBe("At 3 credits a day they last until 14 March 2027.");
    expect(told({ creditsPerDay: 1, runsOutAt: "2027-07-01T23:30:00.000Z" })).toBe(
      "At 1 credit a day they last until 2 July 2027.",
    );
  });

  test("names the day on which most would expire unused", () => {
    const one = { at: "2027-03-10T12:00:00.000Z", credits: 9 };
    const less = { at: "2027-03-05T12:00:00.000Z", credits: 2 };
    expect(told({ expiring: [one] })).toMatch(
      /\. About 9 of them would expire unused on 10 March 2027\.$/,
    );
    expect(told({ expiring: [less, one] })).toMatch(
      /\. About 9 of them .* on 10 March 2027, and some on other days\.$/,
    );
  });

  test("without use says what expires first, and no end", () => {
    const expiring = [{ at: "2027-03-10T12:00:00.000Z", credits: 1 }];
    expect(told({ creditsPerDay: 0, runsOutAt: null, expiring: [] })).toBe(
      "No credits were used lately.",
    );
    expect(told({ creditsPerDay: 0, runsOutAt: null, expiring })).toBe(
      "No credits were used lately. 1 credit expires on 10 March 2027.",
    );
  });

  test("with nothing left says so, with the pace there was", () => {
    const points = [{ at: "2027-03-01T12:00:00.000Z", available: 0 }];
    expect(told({ points })).toBe("No credits are left, and lately 3 credits a day were used.");
    expect(told({ points, creditsPerDay: 0, runsOutAt: null })).toBe("No credits are left.");
  });

  test("says that purchases of auto top-up are not in it", () => {
    expect(told({}, true)).toMatch(/\. Auto top-up is on\. What it would buy is not drawn\.$/);
  });
});

test("the course is one sentence with the balance at both ends", () => {
  const view = { ...usage({}, [{ ...quiet, balanceAtEnd: 39 }]), balanceAtStart: 70 };
  expect(courseInWords(view, ["They last."])).toBe(
    "Balance over 1 days: from 70 to 39 credits today. They last.",
  );
});

test("a day says what was used and left, and the rest only when there was any", () => {
  const day = { ...quiet, used: 3, balanceAtEnd: 39 };
  expect(dayOfUseInWords(day, { isToday: false, locale: "en-GB" })).toBe(
    "1 March 2027: 3 used, 39 credits at the end of the day.",
  );
  const busy = { ...day, added: 25, expired: 2, other: -4 };
  expect(dayOfUseInWords(busy, { isToday: true, locale: "en-GB" })).toBe(
    "Today so far: 3 used, 25 added, 2 expired, 4 otherwise lost, 39 credits now.",
  );
});

test("an account is unused until anything came, went or was there before", () => {
  expect(isUnused(usage())).toBe(true);
  expect(isUnused({ ...usage(), balanceAtStart: 1 })).toBe(false);
  expect(isUnused(usage({}, [{ ...quiet, used: 1 }]))).toBe(false);
});
