import { expect, test } from "vitest";
import { balanceChangeInWords, creditsInWords, formatCredits, signedCredits } from "./credits.ts";

test("thousands are grouped the way the reader's locale does it", () => {
  expect(formatCredits(12_345, "en-GB")).toBe("12,345");
  expect(formatCredits(12_345, "de-DE")).toBe("12.345");
});

test("one credit is singular, none and many are plural", () => {
  expect([0, 1, 2].map((value) => creditsInWords(value, "en-GB"))).toEqual([
    "0 credits",
    "1 credit",
    "2 credits",
  ]);
});

test("an amount carries its sign, and no movement carries none", () => {
  expect([10, -1, 0].map((value) => signedCredits(value, "en-GB"))).toEqual(["+10", "−1", "0"]);
});

test("a change is told with the new balance and the difference", () => {
  expect(balanceChangeInWords({ before: 43, after: 42 }, "en-GB")).toBe(
    "Available balance: 42 credits, 1 fewer than before.",
  );
  expect(balanceChangeInWords({ before: 0, after: 1 }, "en-GB")).toBe(
    "Available balance: 1 credit, 1 more than before.",
  );
});

test("a balance that came back to where it was is not announced", () => {
  expect(balanceChangeInWords({ before: 5, after: 5 }, "en-GB")).toBe("");
});
