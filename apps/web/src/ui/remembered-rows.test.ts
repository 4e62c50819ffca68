import { expect, test } from "vitest";
import { plausibleRows } from "./remembered-rows.ts";

test("a remembered number of rows is used again, up to a screenful", () => {
  expect(plausibleRows("4", 2)).toBe(4);
  expect(plausibleRows("9000", 2)).toBe(20);
});

test("anything else than a positive whole number falls back to the usual", () => {
  for (const nonsense of [null, "", "0", "-1", "2.5", "many", "Infinity"]) {
    expect(plausibleRows(nonsense, 2)).toBe(2);
  }
});
