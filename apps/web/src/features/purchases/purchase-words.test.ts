import { expect, test } from "vitest";
import { purchaseState } from "./purchase-words.ts";

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
