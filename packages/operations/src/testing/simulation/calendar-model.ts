/** The calendar of a place whose clocks are never changed, without a library of time zones. */
const MINUTE = 60_000;

export interface Place {
  readonly timeZone: string;
  readonly offsetMs: number;
}

export const places: readonly Place[] = [
  { timeZone: "UTC", offsetMs: 0 },
  { timeZone: "Asia/Kolkata", offsetMs: 330 * MINUTE },
  { timeZone: "Pacific/Kiritimati", offsetMs: 840 * MINUTE },
  { timeZone: "America/Phoenix", offsetMs: -420 * MINUTE },
];

/** Twelve calendar months later at the same time of day; of 29 February, 28 February. */
export function yearAfter(at: number, { offsetMs }: Place): number {
  const date = new Date(at + offsetMs);
  if (date.getUTCMonth() === 1 && date.getUTCDate() === 29) date.setUTCDate(28);
  return date.setUTCFullYear(date.getUTCFullYear() + 1) - offsetMs;
}

/** The instant at which the calendar month of an instant began. */
export function monthOf(at: number, { offsetMs }: Place): number {
  const date = new Date(at + offsetMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - offsetMs;
}

export function nextMonthOf(at: number, { offsetMs }: Place): number {
  const date = new Date(at + offsetMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - offsetMs;
}
