import { expect, test } from "vitest";
import { filterFrom, isFiltered, queryOf, scansOfTarget, wantedOf } from "./scan-filter.ts";

test("the address says which scans are wanted, and is made from that again", () => {
  const filter = filterFrom({ state: "lost", target: "tgt_1" });
  expect(filter).toEqual({ state: "lost", targetId: "tgt_1" });
  expect(queryOf(filter)).toEqual({ state: "lost", target: "tgt_1" });
  expect(wantedOf(filter)).toEqual({ states: ["lost"], targetId: "tgt_1" });
  expect(isFiltered(filter)).toBe(true);
});

test("the plain address wants all scans, and so does one that says nothing that is known", () => {
  for (const query of [{}, { state: "", target: "" }, { state: "constructor" }]) {
    const filter = filterFrom(query);
    expect(isFiltered(filter)).toBe(false);
    expect(wantedOf(filter)).toEqual({});
    expect(queryOf(filter)).toEqual({ state: undefined, target: undefined });
  }
});

test("a target's scans have an address of their own", () => {
  expect(scansOfTarget("tgt_1")).toBe("/scans?target=tgt_1");
});
