import type { UsageView } from "@scanmeter/contracts/usage";
import { describe, expect, test } from "vitest";
import { type BurnGeometry, burnGeometry, FLOOR, TOP } from "./burn-geometry.ts";

const DAY = 86_400_000;
const FROM = Date.UTC(2027, 2, 1);
const iso = (day: number) => new Date(FROM + day * DAY).toISOString();

/** Thirty days of which half of the last one is over; one credit a day was used. */
function usage(about: Partial<Omit<UsageView, "forecast">> & { end?: number } = {}): UsageView {
  const { end = 44.5, ...rest } = about;
  return {
    from: iso(0),
    to: iso(29.5),
    timeZone: "UTC",
    balanceAtStart: 45,
    days: Array.from({ length: 30 }, (_, day) => ({
      date: iso(day).slice(0, 10),
      used: 1,
      added: 0,
      expired: 0,
      other: 0,
      balanceAtEnd: 44 - day,
    })),
    forecast: {
      creditsPerDay: 1,
      runsOutAt: iso(end),
      points: [
        { at: iso(29.5), available: 15 },
        { at: iso(end), available: 0 },
      ],
      expiring: [],
    },
    ...rest,
  };
}

/** The corners of a path of straight lines. */
const corners = (path: string) =>
  [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
const ends = ({ forecast }: BurnGeometry) => [corners(forecast)[0], corners(forecast).at(-1)];

describe("the drawing of use", () => {
  test("begins at zero and reaches up to the highest balance", () => {
    const { line, levels } = burnGeometry(usage(), 1000);
    expect(levels[0]).toEqual({ y: FLOOR, credits: 0 });
    expect(Math.min(...corners(line).map(([, y]) => y ?? 0))).toBe(TOP);
    expect(levels.length).toBeLessThanOrEqual(3);
    expect(levels.every(({ credits }) => Number.isInteger(credits))).toBe(true);
  });

  test("goes on from where the balance is now to where nothing is left", () => {
    const drawn = burnGeometry(usage(), 1000);
    const [first, last] = ends(drawn);
    expect(first?.[0]).toBeCloseTo(drawn.now.x, 2);
    expect(first?.[1]).toBeCloseTo(drawn.now.y, 2);
    expect(last?.[0]).toBeCloseTo(drawn.end?.x ?? 0, 2);
    expect(last?.[1]).toBe(FLOOR);
    expect(drawn.end?.x).toBeLessThan(drawn.right);
  });

  test("is cut off where the end is far away, on the very same slope", () => {
    const drawn = burnGeometry(usage({ end: 29.5 + 300 }), 1000);
    expect(drawn.end).toBeNull();
    const [first, last] = ends(drawn);
    expect(last?.[0]).toBeCloseTo(drawn.right, 2);
    // 15 days of 300 are drawn, so a twentieth is gone.
    const fall = ((last?.[1] ?? 0) - (first?.[1] ?? 0)) / (FLOOR - (first?.[1] ?? 0));
    expect(fall).toBeCloseTo(15 / 300, 2);
  });

  test("has dates at even distances on either side of today, on a wide and on a narrow screen", () => {
    for (const [width, fewest] of [
      [1040, 7],
      [266, 3],
    ] as const) {
      const { dates, right } = burnGeometry(usage({ end: 76 }), width);
      expect(dates.length).toBeGreaterThanOrEqual(fewest);
      expect(dates.at(-1)?.x).toBeLessThanOrEqual(right);
      const steps = dates.slice(1).map(({ x }, index) => x - (dates[index]?.x ?? 0));
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(12);
    }
  });

  test("writes what will expire where there is room, and names the forecast only where that is free", () => {
    const expiringAt = (day: number) => {
      const points = [
        { at: iso(29.5), available: 15 },
        { at: iso(day), available: 15 },
        { at: iso(day), available: 5 },
        { at: iso(50), available: 0 },
      ];
      const forecast = {
        creditsPerDay: 1,
        runsOutAt: iso(50),
        points,
        expiring: [{ at: iso(day), credits: 10 }],
      };
      const days = usage().days.map((known) => ({ ...known, balanceAtEnd: 15 }));
      return burnGeometry({ ...usage({ days, balanceAtStart: 15 }), forecast }, 600);
    };
    const [near, far] = [expiringAt(36), expiringAt(49)];
    expect(near.marks.map(({ is, anchor }) => [is, anchor])).toEqual([["expiring", "start"]]);
    expect(near.hasRoomForName).toBe(true);
    expect(far.marks.map(({ x, anchor }) => [x, anchor])).toEqual([[far.right, "end"]]);
    expect(far.hasRoomForName).toBe(false);
    expect(burnGeometry(usage(), 1000).hasRoomForName).toBe(true);
  });

  test("knows the day at every place of the past, and none ahead", () => {
    const drawn = burnGeometry(usage(), 320);
    const middle = (day: number) => (drawn.days[day]?.x ?? 0) + (drawn.days[day]?.width ?? 0) / 2;
    expect([0, 14, 29].map((day) => drawn.dayAt(middle(day)))).toEqual([0, 14, 29]);
    expect(drawn.dayAt(drawn.right)).toBeNull();
    expect(drawn.dayAt(0)).toBeNull();
  });

  test("writes what came and what expired, and leaves out what would stand in its way", () => {
    const days = usage().days.map((day, index) => ({
      ...day,
      added: [3, 4, 20].includes(index) ? 10 : 0,
      expired: index === 12 ? 5 : 0,
    }));
    const { marks } = burnGeometry(usage({ days }), 1000);
    expect(marks.map(({ is, credits }) => [is, credits])).toEqual([
      ["added", 10],
      ["expired", 5],
      ["added", 10],
    ]);
  });

  test("of no use and no credits is a line at zero", () => {
    const days = usage().days.map((day) => ({ ...day, used: 0, balanceAtEnd: 0 }));
    const forecast = { creditsPerDay: 0, runsOutAt: null, points: [], expiring: [] };
    const drawn = burnGeometry({ ...usage({ days, balanceAtStart: 0 }), forecast }, 320);
    expect(new Set(corners(drawn.line).map(([, y]) => y))).toEqual(new Set([FLOOR]));
    expect(drawn.days.every(({ bar }) => bar === null)).toBe(true);
    expect(drawn.end).toBeNull();
  });
});
