import { expect, test } from "vitest";
import { enteredQuantity } from "./entered-quantity.ts";

const entered = (text: string, locale = "en-GB") => enteredQuantity(text, 10_000, locale);
const quantityOf = (text: string, locale?: string) => {
  const answer = entered(text, locale);
  return answer.ok ? answer.quantity : answer.problem;
};

test("whole numbers up to the largest are taken, and none at all too", () => {
  expect(["0", "1", " 25 ", "007", "10000"].map((text) => quantityOf(text))).toEqual([
    0, 1, 25, 7, 10_000,
  ]);
});

test("thousands may be grouped the way the reader's locale does it", () => {
  expect(quantityOf("1,000", "en-GB")).toBe(1000);
  expect(quantityOf("1.000", "de-DE")).toBe(1000);
  expect(quantityOf("1 000", "fr-FR")).toBe(1000);
});

test("a decimal is never taken for a thousand", () => {
  for (const text of ["1.5", "1,5", "1.000", "0.5", "10,00"]) {
    expect(quantityOf(text), text).toContain("whole");
  }
  expect(quantityOf("1,000", "de-DE")).toContain("whole");
});

test("one more than the largest is told with the largest", () => {
  expect(quantityOf("10001")).toContain("10,000");
  expect(quantityOf("99999999999999999999")).toContain("10,000");
});

test("anything else is no number", () => {
  for (const text of ["", "-1", "+5", "ten", "1e3", "0x10", "5 5", "∞", "NaN"]) {
    expect(entered(text).ok, text).toBe(false);
  }
});
