/** How amounts, dates and places read on documents and in mail: always the same, whoever reads. */
import { Temporal } from "temporal-polyfill";
import { type Currency, decimalOf, type Minor } from "../pricing/money.ts";
import type { Instant } from "../units.ts";

const NO_BREAK_SPACE = "\u00a0";

/** "EUR 1,234.50". The code and not a sign, because several countries share the signs. */
export function moneyWords(amountMinor: Minor, currency: Currency): string {
  const [whole = "", decimals] = decimalOf({ amountMinor, currency }).split(".");
  const amount = decimals === undefined ? grouped(whole) : `${grouped(whole)}.${decimals}`;
  return `${currency}${NO_BREAK_SPACE}${amount}`;
}

/** What is taken off, with a real minus. Nothing off is not minus nothing. */
export function reductionWords(amountMinor: Minor, currency: Currency): string {
  const words = moneyWords(amountMinor, currency);
  return amountMinor === 0 ? words : `−${words}`;
}

/** "19 %" or "7.7 %", from hundredths of a percent. */
export function percentWords(basisPoints: number): string {
  const hundredths = String(basisPoints % 100)
    .padStart(2, "0")
    .replace(/0+$/, "");
  const whole = Math.floor(basisPoints / 100);
  return `${hundredths === "" ? whole : `${whole}.${hundredths}`}${NO_BREAK_SPACE}%`;
}

/** "10,000". */
export function wholeWords(amount: number): string {
  return grouped(String(amount));
}

export function creditsWords(amount: number): string {
  return `${wholeWords(amount)} ${amount === 1 ? "credit" : "credits"}`;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "14 March 2027" in the zone. */
export function dateWords(at: Instant, timeZone: string): string {
  const { day, month, year } = zoned(at, timeZone);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** "14 March 2027, 09:12". A purchase counts to the minute, so a date alone would not do. */
export function minuteWords(at: Instant, timeZone: string): string {
  const { hour, minute } = zoned(at, timeZone);
  return `${dateWords(at, timeZone)}, ${two(hour)}:${two(minute)}`;
}

/** "14 March 2027, 09:12 (Lisbon)", as the pages write it. */
export function instantWords(at: Instant, timeZone: string): string {
  return `${minuteWords(at, timeZone)} (${zoneWords(timeZone)})`;
}

export function yearIn(at: Instant, timeZone: string): number {
  return zoned(at, timeZone).year;
}

/** The city of an IANA zone: "Europe/Lisbon" is "Lisbon", "Etc/UTC" is "UTC". */
export function zoneWords(timeZone: string): string {
  return timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** One line of what somebody typed: nothing in it breaks a line, hides or turns what follows around. */
export function lineOf(typed: string): string {
  return typed
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u202a-\u202e\u2066-\u2069\ufeff]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

let countries: Intl.DisplayNames | undefined;

/** The name of a country by its two letters; letters that are no country's stay letters. */
export function countryWords(code: string): string {
  countries ??= new Intl.DisplayNames("en", { type: "region", fallback: "code" });
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}

const brands: Readonly<Record<string, string>> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "eftpos",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** "Visa ending in 4242". */
export function cardWords(card: { readonly brand: string; readonly last4: string }): string {
  const brand = Object.hasOwn(brands, card.brand) ? brands[card.brand] : "Card";
  return `${brand} ending in ${card.last4}`;
}

function zoned(at: Instant, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}
