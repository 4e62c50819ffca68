import { expect, test } from "vitest";
import { Sightings } from "./sightings.ts";

test("what is there already is seen at once, what comes later at the next look", async () => {
  const seen = new Sightings();
  expect(await seen.until("the first", () => "first")).toBe("first");

  let later: string | undefined;
  const second = seen.until("the second", () => later);
  seen.look();
  later = "second";
  seen.look();
  expect(await second).toBe("second");
});

test("what is not seen in time is named", async () => {
  const seen = new Sightings({ withinMs: 1 });
  const waiting = seen.until("the purchase", () => false);
  await expect(waiting).rejects.toThrow("Not seen within 0.001 s: the purchase.");
});

test("an end reaches whoever waits and whoever would", async () => {
  const seen = new Sightings();
  const waiting = seen.until("anything", () => undefined);
  seen.end(new Error("the line broke"));
  await expect(waiting).rejects.toThrow("the line broke");
  await expect(seen.until("more", () => true)).rejects.toThrow("the line broke");
});
