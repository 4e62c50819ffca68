/** Which postings are listed, as it stands in the address: a reload, a link and Back lead to the same ones. */
import type { PostingKind } from "@scanmeter/core";
import { dayFromText, endOfDay } from "../time-travel/days.ts";

interface KindGroup {
  readonly name: string;
  readonly label: string;
  readonly kinds: readonly PostingKind[];
}

/** What people look for, and how it is booked. */
export const kindGroups = [
  { name: "added", label: "Credits added", kinds: ["grant"] },
  { name: "hours", label: "Hours of scanning", kinds: ["debit", "return"] },
  {
    name: "scans",
    label: "Scans started, paused, ended",
    kinds: ["scan_started", "scan_paused", "scan_resumed", "scan_ended"],
  },
  { name: "expiry", label: "Expiry dates", kinds: ["extension", "breakage"] },
  {
    name: "held",
    label: "Refunds and credits set aside",
    kinds: ["reversal", "freeze", "release"],
  },
  { name: "corrections", label: "Corrections", kinds: ["adjustment"] },
] as const satisfies readonly KindGroup[];

export type KindGroupName = (typeof kindGroups)[number]["name"];

export interface ActivityFilter {
  readonly kinds: KindGroupName | null;
  /** Days of the account's calendar, the first and the last one, as a date field has them. */
  readonly from: string | null;
  readonly to: string | null;
}

export const noFilter: ActivityFilter = { kinds: null, from: null, to: null };

type Query = { readonly [Name in keyof ActivityFilter]?: string | undefined };

/** What somebody typed into the address is no filter just because it stands there. */
export function filterFrom(query: Query): ActivityFilter {
  const kinds = kindGroups.find(({ name }) => name === query.kinds)?.name ?? null;
  const [from, to] = [query.from, query.to].map((text) => (isDay(text) ? text : null));
  return { kinds, from: from ?? null, to: to ?? null };
}

/** Without what is not filtered by, so that the plain address is the plain list. */
export function queryOf({ kinds, from, to }: ActivityFilter): Query {
  return { kinds: kinds ?? undefined, from: from ?? undefined, to: to ?? undefined };
}

export const isFiltered = ({ kinds, from, to }: ActivityFilter): boolean =>
  kinds !== null || from !== null || to !== null;

/** Nothing can be between such days. */
export const isBackwards = ({ from, to }: ActivityFilter): boolean =>
  from !== null && to !== null && from > to;

const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;

/** As far as the server looks; half a year is a year too while somebody types. */
export function isDay(text: string | undefined): text is string {
  const year = Number.parseInt(text ?? "", 10);
  return year >= FIRST_YEAR && year <= LAST_YEAR && dayFromText(text ?? "") !== null;
}

export interface WantedActivity {
  readonly kinds?: PostingKind[];
  readonly from?: string;
  readonly to?: string;
}

/** What the server is asked: the days as instants of the account's zone, the last one as a whole. */
export function wantedOf({ kinds, from, to }: ActivityFilter, timeZone: string): WantedActivity {
  const group = kindGroups.find(({ name }) => name === kinds);
  const after = (day: number) => new Date(endOfDay(day, timeZone) + 1_000).toISOString();
  const [first, last] = [dayFromText(from ?? ""), dayFromText(to ?? "")];
  return {
    ...(group && { kinds: [...group.kinds] }),
    ...(first !== null && { from: after(first - 1) }),
    ...(last !== null && { to: after(last) }),
  };
}

/** Where the same postings are a file. */
export function csvAddress({ kinds, from, to }: WantedActivity): string {
  const query = new URLSearchParams({
    ...(kinds && { kinds: kinds.join() }),
    ...(from && { from }),
    ...(to && { to }),
  });
  return query.size === 0 ? "/export/activity.csv" : `/export/activity.csv?${query}`;
}
