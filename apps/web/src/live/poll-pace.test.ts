import { expect, test } from "vitest";
import { nextPollMs, POLL_LIMIT_MS } from "./poll-pace.ts";

test("a payment is asked about within a second, then less and less often", () => {
  const waits = Array.from({ length: 12 }, (_, polls) => nextPollMs({ polls, waitedMs: 0 }) ?? 0);
  expect(waits[0]).toBeLessThan(1_000);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(5_000);
});

test("the asking ends at the limit", () => {
  expect(nextPollMs({ polls: 3, waitedMs: POLL_LIMIT_MS - 1 })).not.toBeNull();
  expect(nextPollMs({ polls: 3, waitedMs: POLL_LIMIT_MS })).toBeNull();
});
