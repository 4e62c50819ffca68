/**
 * The numbers money and time are made of. Each brand has one maker, and the maker checks,
 * so a value of the type is always a value that may be stored and added.
 */
import { invariant } from "./invariant.ts";

declare const brand: unique symbol;
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A whole, non-negative number of scan credits. */
export type Credits = Brand<number, "Credits">;

/** Milliseconds since 1970-01-01T00:00:00Z. Ranges of instants are half-open: [from, until). */
export type Instant = Brand<number, "Instant">;

/** The largest number of credits any one amount may be; far below 2^53, so sums stay exact. */
export const CREDITS_MAX = 1_000_000_000;

const INSTANT_MAX = 8.64e15;

export function isCredits(value: number): value is Credits {
  return Number.isInteger(value) && value >= 0 && value <= CREDITS_MAX;
}

export function credits(value: number): Credits {
  invariant(isCredits(value), "an amount of credits is a whole number from 0 to a billion");
  return value;
}

export function instant(epochMs: number): Instant {
  invariant(
    Number.isInteger(epochMs) && Math.abs(epochMs) <= INSTANT_MAX,
    "an instant is a whole number of milliseconds that a calendar can name",
  );
  return epochMs as Instant;
}

const INSTANT_TEXT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** The platform's parser turns 30 February into 2 March; whoever wrote it meant something else. */
function isDay(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

/** Parses an ISO 8601 instant with its offset; a local time without one is refused as undefined. */
export function parseInstant(text: string): Instant | undefined {
  const match = INSTANT_TEXT.exec(text);
  if (match === null) return undefined;
  if (!isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : instant(epochMs);
}

/** ISO 8601 in UTC with milliseconds, the form every instant has on the wire. */
export function isoOf(at: Instant): string {
  return new Date(at).toISOString();
}

export const NO_CREDITS = 0 as Credits;
export const ONE_CREDIT = 1 as Credits;

export const add = (a: Credits, b: Credits): Credits => credits(a + b);
export const subtract = (a: Credits, b: Credits): Credits => credits(a - b);
export const smaller = (a: Credits, b: Credits): Credits => (a < b ? a : b);
export const total = (amounts: readonly Credits[]): Credits =>
  credits(amounts.reduce((sum, amount) => sum + amount, 0));

export const after = (from: Instant, ms: number): Instant => instant(from + ms);
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** The earliest of several instants of which some may not exist. */
export function earliest(candidates: readonly (Instant | null)[]): Instant | null {
  let first: Instant | null = null;
  for (const candidate of candidates) {
    if (candidate !== null && (first === null || candidate < first)) first = candidate;
  }
  return first;
}
