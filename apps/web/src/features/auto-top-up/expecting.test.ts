import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { expect, test } from "vitest";
import { isExpecting } from "./expecting.ts";

const on = {
  status: "active",
  reason: null,
  triggers: { outOfCredits: true, beforeExpiry: false },
  threshold: 5,
} as AutoTopUpView;

test("a balance at the threshold is about to be filled up, one above is not", () => {
  expect([6, 5, 0].map((available) => isExpecting(on, available))).toEqual([false, true, true]);
  expect(isExpecting(on, null)).toBe(false);
  const renewing = { ...on, triggers: { outOfCredits: false, beforeExpiry: true } };
  expect(isExpecting(renewing, 0)).toBe(false);
});

test("a purchase under way is about to end, whatever the balance", () => {
  expect(isExpecting({ ...on, reason: "purchase_in_flight" }, 100)).toBe(true);
});

test("nothing is expected while something is in the way", () => {
  expect(isExpecting({ ...on, reason: "retrying" }, 0)).toBe(false);
  for (const status of ["off", "suspended", "needs_authentication", "limit_reached"] as const)
    expect(isExpecting({ ...on, status }, 0), status).toBe(false);
});
