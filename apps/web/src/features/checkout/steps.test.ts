import { describe, expect, test } from "vitest";
import { canOpen, type Standing, stepOfPath, stepPath, steps, stepToShow } from "./steps.ts";

const open = (step: Standing["step"]): Standing => ({ status: "open", step });
const shownFor = (checkout: Standing | null) => steps.map((step) => stepToShow(step, checkout));

describe("the step that is shown", () => {
  test("without a checkout is always the first", () => {
    expect(shownFor(null)).toEqual(["order", "order", "order"]);
  });

  test("is the first incomplete one when the address comes too early", () => {
    expect(shownFor(open("order"))).toEqual(["order", "order", "order"]);
    expect(shownFor(open("billing"))).toEqual(["order", "billing", "billing"]);
  });

  test("may be an earlier one as long as nothing is paid", () => {
    expect(shownFor(open("confirmation"))).toEqual(["order", "billing", "confirmation"]);
  });

  test("is the confirmation alone while a payment is under way", () => {
    const paying: Standing = { status: "processing", step: "confirmation" };
    expect(shownFor(paying)).toEqual(["confirmation", "confirmation", "confirmation"]);
    expect(canOpen("order", paying)).toBe(false);
  });
});

test("an address carries its checkout, and names its step", () => {
  expect(stepPath("billing", "chk_1")).toBe("/checkout/billing?checkout=chk_1");
  expect(stepPath("order", null)).toBe("/checkout/order");
  expect(steps.map((step) => stepOfPath(`/checkout/${step}`))).toEqual(steps);
});
