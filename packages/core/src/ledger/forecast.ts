/**
 * What becomes of the credits there are if they go on being used as they were, and nothing is bought:
 * a steady flow drawn from the lots in the order in which they pay, and what is left of each gone at
 * its date. A guess, so credits are fractions here; nothing is ever booked from it.
 */
import type { Instant } from "../units.ts";
import { byDrawOrder, isSpendableAt, type Lot } from "./lot.ts";

const DAY_MS = 86_400_000;

/** Use is judged by so many days, or by those the account has. */
export const FORECAST_DAYS = 30;

export interface ForecastPoint {
  readonly at: Instant;
  readonly available: number;
}

export interface Forecast {
  /** Of the last days, to a hundredth. */
  readonly creditsPerDay: number;
  /** When nothing is available any more, by use or by expiry; null while nothing is used. */
  readonly runsOutAt: Instant | null;
  /** A straight line from each to the next. Two of one instant are a fall: the lower one holds. */
  readonly points: readonly ForecastPoint[];
  /** What would reach its date unused, in whole credits. */
  readonly expiring: readonly { readonly at: Instant; readonly credits: number }[];
}

export interface RecentUse {
  readonly credits: number;
  /** The first sign of the account in these days; null when there is none at all. */
  readonly firstAt: Instant | null;
}

/** A day at least, so that one hour of scanning does not look like a day full of it. */
export function usePerDay({ credits, firstAt }: RecentUse, now: Instant): number {
  const days = Math.max(1, (now - (firstAt ?? now)) / DAY_MS);
  return Math.max(0, credits) / days;
}

export function forecastOf(lots: Iterable<Lot>, perDay: number, now: Instant): Forecast {
  let held = [...lots]
    .filter((lot) => isSpendableAt(lot, now))
    .sort(byDrawOrder)
    .map(({ remaining, expiresAt }) => ({ left: remaining as number, expiresAt }));
  let at = now;
  const points: ForecastPoint[] = [];
  const expiring: { at: Instant; credits: number }[] = [];
  const mark = (available: number) => points.push({ at, available: hundredths(available) });
  const sum = () => held.reduce((total, { left }) => total + left, 0);

  mark(sum());
  while (held.length > 0) {
    const available = sum();
    const until = Math.min(...held.map(({ expiresAt }) => expiresAt)) as Instant;
    const used = (perDay * (until - at)) / DAY_MS;
    if (used >= available) {
      at = (at + Math.floor((available / perDay) * DAY_MS)) as Instant;
      mark(0);
      break;
    }
    held = afterUse(held, used);
    at = until;
    const lost = held.reduce((total, { left, expiresAt }) => {
      return expiresAt === until ? total + left : total;
    }, 0);
    mark(available - used);
    held = held.filter(({ expiresAt }) => expiresAt > until);
    if (lost > 0) mark(sum());
    if (Math.round(lost) > 0) expiring.push({ at, credits: Math.round(lost) });
  }
  return {
    creditsPerDay: hundredths(perDay),
    runsOutAt: perDay > 0 ? at : null,
    points,
    expiring,
  };
}

type Held = readonly { readonly left: number; readonly expiresAt: Instant }[];

/** What use takes, in the order of the lots; those it empties are of no more interest. */
function afterUse(held: Held, used: number): { left: number; expiresAt: Instant }[] {
  let owed = used;
  return held.flatMap(({ left, expiresAt }) => {
    const taken = Math.min(left, owed);
    owed -= taken;
    return taken < left ? [{ left: left - taken, expiresAt }] : [];
  });
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;
