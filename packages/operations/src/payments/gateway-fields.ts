/**
 * Reading what somebody else sent. The SDK's types say what Stripe promises; they say nothing of what
 * arrived: it takes any JSON without `error` for a success, a proxy's "Bad Gateway" included. So every
 * field is looked at here, and whatever is odd reads as null.
 */
import { type Instant, instant } from "@scanmeter/core";

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

/** An object that says of itself what it is, in the very word we asked for. */
export function objectNamed(name: string, value: unknown): Fields | null {
  const fields = fieldsOf(value);
  return fields?.object === name ? fields : null;
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

export function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}

/** An amount of money in minor units, or a count. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** An object may come as its id alone or, when it was asked for, as a whole. */
export function idOf(value: unknown): string | null {
  return textOf(typeof value === "string" ? value : fieldsOf(value)?.id);
}

const SECONDS_MAX = 8.64e12;

export function instantOf(seconds: unknown): Instant | null {
  return isWhole(seconds) && seconds <= SECONDS_MAX ? instant(seconds * 1000) : null;
}

/** An address a browser may be sent to. */
export function webAddressOf(value: unknown): string | null {
  return isText(value) && /^https?:\/\//.test(value) && URL.canParse(value) ? value : null;
}

export function metadataOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(value) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isText(entry[1])));
}
