import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { expect, test } from "vitest";
import { isExpecting } from "./expecting.ts";

const on = {
  status: "active",
  reason: null,
  until: null,
  triggers: { outOfCredits: true, beforeExpiry: false },
  threshold: 5,
  nextRenewalAt: null,
} as AutoTopUpView;
const AT = "2027-03-14T09:12:00.000Z";
const at = Date.parse(AT);

test("a balance at the threshold is about to be filled up, one above is not", () => {
  expect([6, 5, 0].map((available) => isExpecting(on, available, at))).toEqual([false, true, true]);
  expect(isExpecting(on, null, at)).toBe(false);
  const renewing = { ...on, triggers: { outOfCredits: false, beforeExpiry: true } };
  expect(isExpecting(renewing, 0, at)).toBe(false);
});

test("a purchase under way is about to end, whatever the balance", () => {
  expect(isExpecting({ ...on, reason: "purchase_in_flight" }, 100, at)).toBe(true);
});

test("a renewal is about to begin from its instant on", () => {
  const renewing = { ...on, nextRenewalAt: AT };
  expect([at - 1, at].map((now) => isExpecting(renewing, 100, now))).toEqual([false, true]);
});

test("nothing is expected while something is in the way, until the instant at which it goes", () => {
  expect(isExpecting({ ...on, reason: "retrying" }, 0, at)).toBe(false);
  for (const status of ["off", "suspended", "needs_authentication", "limit_reached"] as const) {
    const stopped = { ...on, status, nextRenewalAt: AT };
    expect(isExpecting(stopped, 0, at), status).toBe(false);
    const limited = { ...stopped, until: AT };
    expect(
      [at - 1, at].map((now) => isExpecting(limited, 0, now)),
      status,
    ).toEqual([false, true]);
  }
});
