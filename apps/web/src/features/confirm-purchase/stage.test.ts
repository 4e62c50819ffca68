import { expect, test } from "vitest";
import { stageOf } from "./stage.ts";

test("only a purchase the bank asks about is asked about", () => {
  expect(stageOf({ state: "action_required" })).toBe("asking");
  const others = ["draft", "awaiting_payment", "charging", "retry_wait", "paid", "canceled"];
  for (const state of others) expect(stageOf({ state }), state).not.toBe("asking");
});

test("nothing is called over that may still be charged", () => {
  const over = ["expired", "canceled", "failed"];
  for (const state of over) expect(stageOf({ state }), state).toBe("over");
  const open = ["charging", "processing", "action_required", "retry_wait", "needs_review", "new"];
  for (const state of open) expect(stageOf({ state }), state).not.toBe("over");
});

test("only what is paid is done", () => {
  expect(stageOf({ state: "paid" })).toBe("done");
  for (const state of ["charging", "processing", "new"])
    expect(stageOf({ state }), state).toBe("confirming");
});
