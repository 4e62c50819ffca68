/**
 * Days as one counts them, numbered from 1 January 1970, without a time zone of their own. A zone
 * comes in only where an instant becomes a day and where a day ends.
 */
import type { Place } from "../../format/instants.ts";

const SECOND = 1_000;
const DAY = 86_400_000;

export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The day a calendar on the wall shows at that instant. */
export function dayOf(at: number, timeZone: string): number {
  return dayFromText(writtenDay(timeZone).format(at)) as number;
}

/** The last full second of a day, wherever the clocks are changed. */
export function endOfDay(day: number, timeZone: string): number {
  // No zone is a whole day away from UTC.
  let [within, beyond] = [((day - 1) * DAY) / SECOND, ((day + 2) * DAY) / SECOND];
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (dayOf(middle * SECOND, timeZone) <= day) within = middle;
    else beyond = middle;
  }
  return within * SECOND;
}

const MONTHS_BACK = 12;
const MONTHS_AHEAD = 18;

/** As far as one can look from a day: a year of what was, and past the expiry of what is bought now. */
export function spanAround(today: number): Span {
  return { first: monthsFrom(today, -MONTHS_BACK), last: monthsFrom(today, MONTHS_AHEAD) };
}

/** The same day of another month, or the last one it has. */
function monthsFrom(day: number, months: number): number {
  const date = new Date(day * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / DAY;
}

/** "2027-03-14", as a date field has it. */
export function dayAsText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Null for what a date field holds while somebody types. */
export function dayFromText(text: string): number | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at / DAY;
}

/** "14 March 2027" in the reader's way of writing. */
export function dayInWords(day: number, locale?: Place["locale"]): string {
  return inWords(day, { day: "numeric", month: "long", year: "numeric" }, locale);
}

/** "14 Mar 2027". */
export function dayInShort(day: number, locale?: Place["locale"]): string {
  return inWords(day, { day: "numeric", month: "short", year: "numeric" }, locale);
}

function inWords(day: number, style: Intl.DateTimeFormatOptions, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: "UTC" }).format(day * DAY);
}

const writers = new Map<string, Intl.DateTimeFormat>();

/** Sliding asks for many days, and making a formatter costs more than using one. */
function writtenDay(timeZone: string): Intl.DateTimeFormat {
  const known = writers.get(timeZone);
  if (known) return known;
  // Canada writes 2027-03-14.
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const writer = new Intl.DateTimeFormat("en-CA", { ...parts, timeZone });
  writers.set(timeZone, writer);
  return writer;
}
