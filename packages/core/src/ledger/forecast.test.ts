import { describe, expect, test } from "vitest";
import { aLot, at, noon } from "../testing/builders.ts";
import { type Instant, instant } from "../units.ts";
import { forecastOf, usePerDay } from "./forecast.ts";

const DAY = 86_400_000;
const days = (count: number): Instant => instant(noon + count * DAY);

const pointsOf = ({ points }: ReturnType<typeof forecastOf>) =>
  points.map(({ at, available }) => [(at - noon) / DAY, available]);

describe("use per day", () => {
  test("is judged by the days there are, and never by less than one", () => {
    const since = (count: number, credits: number) =>
      usePerDay({ credits, firstAt: days(-count) }, noon);
    expect([since(30, 90), since(4, 8), since(1, 3), since(0.1, 3)]).toEqual([3, 2, 3, 3]);
  });

  test("is nothing without any, or when more came back than was used", () => {
    expect(usePerDay({ credits: 0, firstAt: null }, noon)).toBe(0);
    expect(usePerDay({ credits: -2, firstAt: days(-30) }, noon)).toBe(0);
  });
});

describe("a forecast", () => {
  test("falls in a straight line to the instant at which the last credit is used", () => {
    const forecast = forecastOf([aLot({ remaining: 6, expiresAt: days(100) })], 4, noon);
    expect(forecast).toMatchObject({ creditsPerDay: 4, runsOutAt: days(1.5), expiring: [] });
    expect(pointsOf(forecast)).toEqual([
      [0, 6],
      [1.5, 0],
    ]);
  });

  test("drops what reaches its date before it is used, and lasts no longer than that", () => {
    const lots = [aLot({ remaining: 10, expiresAt: days(4) })];
    const forecast = forecastOf(lots, 1.5, noon);
    expect(forecast.runsOutAt).toBe(days(4));
    expect(forecast.expiring).toEqual([{ at: days(4), credits: 4 }]);
    expect(pointsOf(forecast)).toEqual([
      [0, 10],
      [4, 4],
      [4, 0],
    ]);
  });

  test("draws free credits before paid ones, as debits do", () => {
    const lots = [
      aLot({ id: "a", remaining: 5, expiresAt: days(2) }),
      aLot({ id: "b", kind: "free", remaining: 4, expiresAt: days(50) }),
    ];
    const forecast = forecastOf(lots, 1, noon);
    expect(forecast.expiring).toEqual([{ at: days(2), credits: 5 }]);
    expect(forecast.runsOutAt).toBe(days(4));
    expect(pointsOf(forecast)).toEqual([
      [0, 9],
      [2, 7],
      [2, 2],
      [4, 0],
    ]);
  });

  test("does not drop what is used up just at its date", () => {
    const lots = [aLot({ remaining: 4, expiresAt: days(4) })];
    expect(forecastOf(lots, 1, noon)).toMatchObject({ runsOutAt: days(4), expiring: [] });
  });

  test("without use is level from date to date and names no end", () => {
    const lots = [
      aLot({ id: "a", remaining: 3, expiresAt: days(10) }),
      aLot({ id: "b", kind: "free", remaining: 2, expiresAt: days(5) }),
    ];
    const forecast = forecastOf(lots, 0, noon);
    expect(forecast.runsOutAt).toBeNull();
    expect(pointsOf(forecast)).toEqual([
      [0, 5],
      [5, 5],
      [5, 3],
      [10, 3],
      [10, 0],
    ]);
  });

  test("of an account with nothing left has run out already, whatever it owes", () => {
    const gone = [aLot({ expiresAt: noon }), aLot({ id: "b", remaining: 0 })];
    const frozen = aLot({ id: "c", remaining: 0, frozen: 5 });
    for (const lots of [[], gone, [frozen]]) {
      const forecast = forecastOf(lots, 2, noon);
      expect(forecast.runsOutAt).toBe(noon);
      expect(pointsOf(forecast)).toEqual([[0, 0]]);
    }
    expect(forecastOf([], 0, noon).runsOutAt).toBeNull();
  });

  test("counts a lot up to the millisecond before its date", () => {
    expect(forecastOf([aLot({ remaining: 2, expiresAt: at(0, 1) })], 0, noon).points).toEqual([
      { at: noon, available: 2 },
      { at: at(0, 1), available: 2 },
      { at: at(0, 1), available: 0 },
    ]);
  });
});
