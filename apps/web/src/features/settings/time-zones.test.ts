import { expect, test } from "vitest";
import { zoneGroups } from "./time-zones.ts";

const known = ["America/Argentina/Buenos_Aires", "Europe/Lisbon", "Europe/Berlin"];

test("a zone is found under its part of the world by the name of its city", () => {
  expect(zoneGroups("Europe/Berlin", known)).toEqual([
    {
      label: "America",
      options: [{ value: "America/Argentina/Buenos_Aires", label: "Buenos Aires, Argentina" }],
    },
    {
      label: "Europe",
      options: [
        { value: "Europe/Berlin", label: "Berlin" },
        { value: "Europe/Lisbon", label: "Lisbon" },
      ],
    },
    { label: "No place", options: [{ value: "UTC", label: "UTC" }] },
  ]);
});

test("the zone that is set can be kept, whatever the browser calls it", () => {
  const all = zoneGroups("Asia/Kolkata", known).flatMap(({ options }) => options);
  expect(all).toContainEqual({ value: "Asia/Kolkata", label: "Kolkata" });
});

test("no zone is there twice", () => {
  const values = zoneGroups("UTC").flatMap(({ options }) => options.map(({ value }) => value));
  expect(new Set(values).size).toBe(values.length);
  expect(values.length).toBeGreaterThan(300);
});
