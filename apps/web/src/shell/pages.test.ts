import { expect, test } from "vitest";
import { isAt, isAtSettings, mainPages, otherPages, settingsPages } from "./pages.ts";

test("a page is told from one below it and from one that only begins alike", () => {
  expect(isAt("/scans", "/scans")).toBe("page");
  expect(isAt("/scans", "/scans/scan_1")).toBe("true");
  expect(isAt("/scans", "/scanners")).toBeUndefined();
  expect(isAt("/scans", "/")).toBeUndefined();
});

test("an address is at one of the settings pages and not at their first one too", () => {
  const at = (pathname: string) =>
    settingsPages.filter(({ href }) => isAtSettings(href, pathname)).map(({ label }) => label);
  expect(at("/settings")).toEqual(["Settings"]);
  expect(at("/settings/team")).toEqual(["Team"]);
  expect(at("/settings/billing")).toEqual(["Billing"]);
  expect(at("/account")).toEqual([]);
});

test("no page is in the menu twice", () => {
  const all = [...mainPages, ...otherPages];
  for (const key of ["href", "label"] as const)
    expect(new Set(all.map((page) => page[key])).size).toBe(all.length);
});
