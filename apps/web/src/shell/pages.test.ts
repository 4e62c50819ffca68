import { expect, test } from "vitest";
import { isAt, mainPages, settingsPages } from "./pages.ts";

test("a page is told from one below it and from one that only begins alike", () => {
  expect(isAt("/scans", "/scans")).toBe("page");
  expect(isAt("/scans", "/scans/scan_1")).toBe("true");
  expect(isAt("/scans", "/scanners")).toBeUndefined();
  expect(isAt("/scans", "/")).toBeUndefined();
});

test("no page is in the menu twice", () => {
  const all = [...mainPages, ...settingsPages];
  for (const key of ["href", "label"] as const)
    expect(new Set(all.map((page) => page[key])).size).toBe(all.length);
});
