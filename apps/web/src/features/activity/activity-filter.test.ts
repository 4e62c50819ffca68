import { postingKinds } from "@scanmeter/core";
import { expect, test } from "vitest";
import {
  csvAddress,
  filterFrom,
  isBackwards,
  isFiltered,
  kindGroups,
  noFilter,
  queryOf,
  wantedOf,
} from "./activity-filter.ts";

test("every kind of posting is in one group, and in no other", () => {
  const grouped = kindGroups.flatMap(({ kinds }) => [...kinds]);
  expect(grouped.sort()).toEqual([...postingKinds].sort());
});

test("what stands in the address is the filter, and the filter is what stands there", () => {
  const query = { kinds: "hours", from: "2026-01-31", to: "2026-02-28" } as const;
  expect(filterFrom(query)).toEqual(query);
  expect(queryOf(filterFrom(query))).toEqual(query);
  expect(filterFrom({})).toEqual(noFilter);
  expect(Object.values(queryOf(noFilter))).toEqual([undefined, undefined, undefined]);
});

test("what is no filter is none", () => {
  for (const kinds of ["weather", "", "hours,added", "toString"])
    expect(filterFrom({ kinds }).kinds).toBeNull();
  for (const from of ["today", "", "2026-1-1", "2026-13-01", "0026-01-01", "9999-01-01"])
    expect(filterFrom({ from }).from).toBeNull();
});

test("a filter is one as soon as it leaves anything out", () => {
  expect(isFiltered(noFilter)).toBe(false);
  expect(isFiltered({ ...noFilter, to: "2026-01-01" })).toBe(true);
  expect(isBackwards({ ...noFilter, from: "2026-01-02", to: "2026-01-01" })).toBe(true);
  expect(isBackwards({ ...noFilter, from: "2026-01-01", to: "2026-01-01" })).toBe(false);
  expect(isBackwards({ ...noFilter, from: "2026-01-02" })).toBe(false);
});

test("days are whole days of the account's calendar, also when the clocks are changed", () => {
  const day = { ...noFilter, from: "2026-03-29", to: "2026-03-29" };
  expect(wantedOf(day, "Europe/Lisbon")).toEqual({
    from: "2026-03-29T00:00:00.000Z",
    to: "2026-03-29T23:00:00.000Z",
  });
  expect(wantedOf(day, "America/New_York")).toEqual({
    from: "2026-03-29T04:00:00.000Z",
    to: "2026-03-30T04:00:00.000Z",
  });
  expect(wantedOf(noFilter, "UTC")).toEqual({});
});

test("the file has the same postings as the list", () => {
  expect(csvAddress(wantedOf(noFilter, "UTC"))).toBe("/export/activity.csv");
  const filter = { kinds: "hours", from: "2026-01-01", to: null } as const;
  expect(csvAddress(wantedOf(filter, "UTC"))).toBe(
    "/export/activity.csv?kinds=debit%2Creturn&from=2026-01-01T00%3A00%3A00.000Z",
  );
});
