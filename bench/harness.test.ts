import { expect, test } from "vitest";
import { latencyRow, median, percentile, tableOf } from "./harness.ts";

test("a percentile is a value that was measured, whatever the order", () => {
  const samples = [40, 10, 30, 20];
  expect(median(samples)).toBe(20);
  expect(percentile(samples, 75)).toBe(30);
  expect(percentile(samples, 76)).toBe(40);
  expect(percentile(samples, 100)).toBe(40);
  expect(percentile([7], 1)).toBe(7);
});

test("no samples give no number rather than a wrong one", () => {
  expect(latencyRow([])).toMatchObject({ count: 0, p50: Number.NaN });
});

test("a table lines up figures on the right and leaves out nothing", () => {
  const rows = [
    { what: "file", perSecond: 1204.7 },
    { what: "server", perSecond: 44.25, note: "http" },
  ];
  expect(tableOf(rows)).toBe(
    [
      "what    perSecond  note",
      "------  ---------  ----",
      "file         1205",
      "server      44.25  http",
    ].join("\n"),
  );
});
