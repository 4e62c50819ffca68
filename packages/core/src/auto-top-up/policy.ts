/** The numbers of automatic top-ups that somebody may want to change (rules 21 to 24). */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const autoTopUpPolicy = {
  /** A renewal is due so many days before the date it moves, at the same time of day: three days, 72 h. */
  renewalDaysBefore: 3,
  /** At most so many automatic purchases in an hour and in a day, counted back from now. */
  perHourMax: 1,
  hourMs: HOUR,
  perDayMax: 3,
  dayMs: DAY,
  /** How far back a preview looks, in calendar months. */
  backtestMonths: 12,
} as const;
