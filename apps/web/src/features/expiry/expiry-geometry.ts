/** Where each lot's line begins and ends on one axis of time, in pixels. */
import { scaleLinear } from "d3-scale";
import type { ExpiryRow } from "./expiry-rows.ts";

export const ROW = 40;
export const AXIS = 24;
/** Room for the shape at an end. */
const EDGE = 7;
const DAY_MS = 86_400_000;
const DATE_PX = 84;
const NARROW_PX = 440;
/** Dates that are nearer to now than this look the same anyway. */
const SHORTEST_DAYS = 7;
const MONTHLY_FROM_DAYS = 90;

export interface ExpiryGeometry {
  readonly height: number;
  /** Little room for words. */
  readonly isNarrow: boolean;
  /** Dates are months. */
  readonly isMonthly: boolean;
  readonly left: number;
  readonly right: number;
  readonly rows: readonly {
    readonly row: ExpiryRow;
    readonly y: number;
    readonly end: number;
    readonly movedEnd: number | null;
  }[];
  /** Behind today, which needs no date. */
  readonly dates: readonly { readonly x: number; readonly at: number }[];
}

export function expiryGeometry(
  rows: readonly ExpiryRow[],
  { now, width }: { readonly now: number; readonly width: number },
): ExpiryGeometry {
  const [left, right] = [EDGE, Math.max(EDGE + 1, width - EDGE)];
  const ends = rows.flatMap(({ endsAt, movesTo }) => [endsAt ?? now, movesTo ?? now]);
  const last = Math.max(now + SHORTEST_DAYS * DAY_MS, ...ends);
  // What has expired already stands where time begins.
  const x = scaleLinear([now, last], [left, right]).clamp(true);
  return {
    height: rows.length * ROW + AXIS,
    isNarrow: width < NARROW_PX,
    isMonthly: last - now >= MONTHLY_FROM_DAYS * DAY_MS,
    left,
    right,
    rows: rows.map((row, index) => ({
      row,
      y: index * ROW,
      end: x(row.endsAt ?? now),
      movedEnd: row.movesTo === null ? null : x(row.movesTo),
    })),
    dates: datesBetween(now, last, x(now + DAY_MS) - left).map((at) => ({ x: x(at), at })),
  };
}

const MONTHS = [1, 2, 3, 4, 6, 12, 24, 60] as const;

/** The first days of months, or a few days between today and the end where that is near. */
function datesBetween(now: number, last: number, dayPx: number): number[] {
  const days = (last - now) / DAY_MS;
  const room = DATE_PX / dayPx;
  if (days < MONTHLY_FROM_DAYS) {
    const step = [1, 7, 14].find((count) => count >= room);
    if (step === undefined) return [];
    return Array.from({ length: Math.floor(days / step) }, (_, index) => {
      return now + (index + 1) * step * DAY_MS;
    });
  }
  const step = MONTHS.find((count) => count * 28 >= room) ?? 120;
  const today = new Date(now);
  const firsts = Array.from({ length: Math.ceil(days / 28) }, (_, index) =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + (index + 1) * step),
  );
  // The first one keeps its distance from the word for today.
  return firsts.filter((at) => at < last && (at - now) / DAY_MS >= room);
}
