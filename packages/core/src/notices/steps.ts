/** Telling of a date so many days before it, at the same time of day in the account's time zone. */
import { daysBefore } from "../auto-top-up/wall-clock.ts";
import { earliest, type Instant } from "../units.ts";

export interface Countdown {
  readonly to: Instant;
  /** So many days before, the fewest first. */
  readonly steps: readonly number[];
  readonly timeZone: string;
}

/**
 * The step that is told now: the nearest to the date that has come, so that after a long absence one
 * is told and not all. Null before the first one and from the date on.
 */
export function stepAt({ to, steps, timeZone }: Countdown, now: Instant): number | null {
  if (to <= now) return null;
  return steps.find((days) => daysBefore(to, days, timeZone) <= now) ?? null;
}

export function nextStepAfter({ to, steps, timeZone }: Countdown, now: Instant): Instant | null {
  return earliest(steps.map((days) => daysBefore(to, days, timeZone)).filter((at) => at > now));
}

const DAY_MS = 86_400_000;

/** No more days than this are left: exactly a step's number when that is told in time. */
export function daysLeft(to: Instant, now: Instant, timeZone: string): number {
  // A day is an hour or so longer or shorter where clocks change, so the count begins one lower.
  let days = Math.max(1, Math.floor((to - now) / DAY_MS) - 1);
  while (daysBefore(to, days, timeZone) > now) days += 1;
  return days;
}
