import { expect, test } from "vitest";
import { forgetIntention, intentionKey } from "./intention-key.ts";

test("the same wish has the same key until it was answered, another quantity another one", () => {
  const first = intentionKey(10);
  expect(intentionKey(10)).toBe(first);
  const other = intentionKey(25);
  expect(other).not.toBe(first);
  forgetIntention();
  expect(intentionKey(25)).not.toBe(other);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
});
