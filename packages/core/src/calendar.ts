/**
 * Calendar months in a time zone, for dates that people read. Kept apart from the rest of core
 * because it brings a calendar library along, which the web app does not want on its first load.
 */
import { Temporal } from "temporal-polyfill";
import { type Instant, instant } from "./units.ts";

/**
 * The same wall-clock time so many months later; a day the month does not have becomes its last one,
 * so 29 February becomes 28 February (DESIGN rule 18). A local time that a clock change skips moves
 * forward by the gap; one that happens twice is the earlier one.
 */
export function addMonths(from: Instant, months: number, timeZone: string): Instant {
  const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  const moved = local.toPlainDateTime().add({ months });
  return instant(
    moved.toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds,
  );
}

/**
 * Whether a time zone is one the calendar knows by name, such as "Europe/Lisbon". A bare offset is
 * none: it knows no clock changes, and not every formatter of dates takes it. Nor is an instant with
 * a zone behind it, which the calendar would read the zone from.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

export interface CalendarDay {
  /** "2027-03-14". */
  readonly date: string;
  /** Its first instant, which need not be midnight where the clocks are changed. */
  readonly startsAt: Instant;
}

/** So many days of a time zone up to that instant, the oldest first; the last one is still going on. */
export function daysUntil(at: Instant, count: number, timeZone: string): CalendarDay[] {
  const today = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index });
    const { epochMilliseconds } = date.toZonedDateTime(timeZone);
    return { date: date.toString(), startsAt: instant(epochMilliseconds) };
  });
}
