/** Instants in the account's time zone and the reader's locale. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Place {
  timeZone: string;
  /** The browser's when absent. */
  locale?: string | undefined;
}

type Style = Intl.DateTimeFormatOptions;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than using one, and a page shows the same few forms all over. */
function format(at: number, { timeZone, locale }: Place, style: Style): string {
  const key = JSON.stringify([locale, timeZone, style]);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, { ...style, timeZone });
    formatters.set(key, formatter);
  }
  return formatter.format(at);
}

const LONG_DATE: Style = { day: "numeric", month: "long", year: "numeric" };
const WEEKDAY: Style = { weekday: "long" };
const SHORT_DATE: Style = { day: "numeric", month: "short", year: "numeric" };
const DAY_OF_YEAR: Style = { day: "numeric", month: "short" };
const MONTH: Style = { month: "short", year: "numeric" };
const TIME: Style = { hour: "2-digit", minute: "2-digit" };
const TIME_WITH_SECONDS: Style = { ...TIME, second: "2-digit" };

/** "14 March 2027, 09:12 (Lisbon)": where an instant decides over credits, its zone is named. */
export function instantWithZone(at: number, place: Place): string {
  return `${format(at, place, LONG_DATE)}, ${format(at, place, TIME)} (${zoneName(place.timeZone)})`;
}

/** "14 March 2027". */
export function dayInWords(at: number, place: Place): string {
  return format(at, place, LONG_DATE);
}

/** "14 Mar 2027". */
export function shortDay(at: number, place: Place): string {
  return format(at, place, SHORT_DATE);
}

/** "Mar 2027". */
export function shortMonth(at: number, place: Place): string {
  return format(at, place, MONTH);
}

/** "14 Mar", where the year is clear. */
export function dayInShort(at: number, place: Place): string {
  return format(at, place, DAY_OF_YEAR);
}

/** "14 Mar 2027, 09:12", for columns whose heading names the zone. */
export function shortInstant(at: number, place: Place): string {
  return `${format(at, place, SHORT_DATE)}, ${format(at, place, TIME)}`;
}

export function shortInstantWithSeconds(at: number, place: Place): string {
  return `${format(at, place, SHORT_DATE)}, ${format(at, place, TIME_WITH_SECONDS)}`;
}

export function timeOfDay(at: number, place: Place): string {
  return format(at, place, TIME);
}

/** The city of an IANA zone: "Europe/Lisbon" is "Lisbon", "Etc/UTC" is "UTC". */
export function zoneName(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/**
 * The last day on which credits can be used, in words. An expiry instant is exclusive, so credits
 * that expire at midnight are last usable on the day before, all of it.
 */
export function lastUsableDay(expiresAt: number, place: Place): string {
  const last = expiresAt - 1;
  const day = `${format(last, place, WEEKDAY)}, ${format(last, place, LONG_DATE)}`;
  const isWholeDay = dayNumber(last, place) !== dayNumber(expiresAt, place);
  return isWholeDay ? `${day}, until midnight` : `${day}, until ${format(expiresAt, place, TIME)}`;
}

/** How far away an instant is: "in 3 days" by the calendar of the zone, and closer than a day by the clock. */
export function untilInWords({ at, now }: { at: number; now: number }, place: Place): string {
  const left = at - now;
  if (left <= 0) return "now";
  if (left < HOUR) return `in ${plural(Math.ceil(left / MINUTE), "minute")}`;
  if (left < DAY) {
    const hours = Math.floor(left / HOUR);
    return `in ${plural(hours, "hour")}`;
  }
  return `in ${plural(dayNumber(at, place) - dayNumber(now, place), "day")}`;
}

/** "12 seconds", "3 minutes", "2 hours": the age of a value that is no longer live. */
export function ageInWords(ms: number): string {
  if (ms < MINUTE) return plural(Math.floor(ms / 1000), "second");
  if (ms < HOUR) return plural(Math.floor(ms / MINUTE), "minute");
  if (ms < DAY) return plural(Math.floor(ms / HOUR), "hour");
  return plural(Math.floor(ms / DAY), "day");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Counts calendar days in the zone, so that "in 1 day" means tomorrow there whatever the summer time does. */
function dayNumber(at: number, { timeZone }: Place): number {
  // en-CA writes 2027-03-14, which Date.parse reads as that day in UTC.
  const day = format(
    at,
    { timeZone, locale: "en-CA" },
    { year: "numeric", month: "2-digit", day: "2-digit" },
  );
  return Math.round(Date.parse(day) / DAY);
}
