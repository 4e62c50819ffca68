import { expect, test } from "vitest";
import { asksForConfirmation, purchaseState } from "./purchase-words.ts";

test("what became of the money later is told before that it was paid", () => {
  expect(purchaseState({ state: "paid", settlement: "none" })).toBe("Paid");
  expect(purchaseState({ state: "paid", settlement: "partially_refunded" })).toBe(
    "Partly refunded",
  );
});

test("nothing is called failed that is not decided", () => {
  for (const state of ["charging", "processing", "action_required", "needs_review", "new_state"]) {
    expect(purchaseState({ state, settlement: "none" }), state).not.toMatch(/fail|not paid/i);
  }
});

test("only an automatic purchase the bank asks about has a page to confirm it on", () => {
  const asks = (trigger: "manual" | "before_expiry", state: string) =>
    asksForConfirmation({ trigger, state });
  expect(asks("before_expiry", "action_required")).toBe(true);
  expect(asks("before_expiry", "retry_wait")).toBe(false);
  expect(asks("manual", "action_required")).toBe(false);
});
