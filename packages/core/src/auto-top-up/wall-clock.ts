/** Days and months as a person in a time zone counts them. */
import { Temporal } from "temporal-polyfill";
import { type Instant, instant } from "../units.ts";

function zoned(at: Instant, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

/**
 * The same time of day so many days before. A clock change in between moves it by its hour, as in
 * `addMonths`: a local time that was skipped moves forward, one that happened twice is the first.
 */
export function daysBefore(at: Instant, days: number, timeZone: string): Instant {
  const local = zoned(at, timeZone).toPlainDateTime().subtract({ days });
  return instant(
    local.toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds,
  );
}

export interface Month {
  /** Inclusive. */
  readonly from: Instant;
  /** Exclusive: the first instant of the next one. */
  readonly until: Instant;
}

/** The calendar month an instant is in. */
export function monthOf(at: Instant, timeZone: string): Month {
  const first = zoned(at, timeZone).toPlainDate().with({ day: 1 });
  const startOf = (day: Temporal.PlainDate) =>
    instant(day.toZonedDateTime({ timeZone }).epochMilliseconds);
  return { from: startOf(first), until: startOf(first.add({ months: 1 })) };
}
