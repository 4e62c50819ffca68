/**
 * What is true of a forecast whatever the lots are. It is judged by the real draw: a customer who
 * spends a credit at a steady pace, hour by hour, and by the lots' own dates where nothing is spent.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryLots } from "../testing/arbitraries.ts";
import { noon } from "../testing/builders.ts";
import { credits, type Instant, instant } from "../units.ts";
import { drawFromLots } from "./draw.ts";
import { forecastOf } from "./forecast.ts";
import type { Lot } from "./lot.ts";

const DAY = 86_400_000;
const perDays = fc.integer({ min: 1, max: 200 });

/** Spends one credit after another at a steady pace; answers when there is none for the next. */
function spendSteadily(given: readonly Lot[], perDay: number): Instant {
  let lots = [...given];
  const pace = DAY / perDay;
  for (let spent = 0; ; spent++) {
    const at = instant(Math.round(noon + spent * pace));
    const drawn = drawFromLots(lots, credits(1), at);
    if (!drawn.ok) return at;
    const [draw] = drawn.value;
    lots = lots.map((lot) =>
      lot.id === draw?.lotId ? { ...lot, remaining: credits(lot.remaining - 1) } : lot,
    );
  }
}

const sumAt = (lots: readonly Lot[], at: number) =>
  lots
    .filter(({ effectiveAt, expiresAt }) => effectiveAt <= at && at < expiresAt)
    .reduce((sum, { remaining }) => sum + remaining, 0);

describe("a forecast", () => {
  test("begins with what is available and never rises, in the order of time", () => {
    fc.assert(
      fc.property(arbitraryLots(), perDays, (lots, perDay) => {
        const { points } = forecastOf(lots, perDay, noon);
        expect(points[0]).toEqual({ at: noon, available: sumAt(lots, noon) });
        for (const [index, point] of points.slice(1).entries()) {
          expect(point.at).toBeGreaterThanOrEqual(points[index]?.at ?? 0);
          expect(point.available).toBeLessThanOrEqual(points[index]?.available ?? 0);
        }
        expect(points.at(-1)?.available).toBe(0);
      }),
    );
  });

  test("without use is what the dates alone leave, at every instant", () => {
    fc.assert(
      fc.property(arbitraryLots(), fc.integer({ min: 0, max: 2 * DAY }), (lots, ms) => {
        const { points, runsOutAt } = forecastOf(lots, 0, noon);
        const last = points.findLast(({ at }) => at <= noon + ms);
        expect(last?.available).toBe(sumAt(lots, noon + ms));
        expect(runsOutAt).toBeNull();
      }),
    );
  });

  test("runs out when somebody who spends one credit after another does, give or take two of them", () => {
    fc.assert(
      fc.property(arbitraryLots(), perDays, (lots, perDay) => {
        const { runsOutAt } = forecastOf(lots, perDay, noon);
        const spent = spendSteadily(lots, perDay);
        // A whole credit is taken at once, so a date may cost a fraction of one more or less.
        const tolerance = (lots.length + 1) * (DAY / perDay);
        expect(Math.abs((runsOutAt ?? 0) - spent)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  test("of more use never lasts longer", () => {
    fc.assert(
      fc.property(arbitraryLots(), perDays, fc.integer({ min: 1, max: 50 }), (lots, less, more) => {
        const [slow, fast] = [less, less + more].map((rate) => forecastOf(lots, rate, noon));
        expect(fast?.runsOutAt).toBeLessThanOrEqual(slow?.runsOutAt ?? 0);
      }),
    );
  });
});
