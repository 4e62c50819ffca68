import { expect, test } from "vitest";
import { formatMoney, formatPercent, formatReduction } from "./money.ts";

/** Locales put no-break spaces between a number and its sign. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

test("an amount is written the way the reader's locale does it", () => {
  expect(formatMoney(9500, "EUR", "en-GB")).toBe("€95.00");
  expect(plain(formatMoney(800_000_00, "EUR", "de-DE"))).toBe("800.000,00 €");
});

test("an amount has the decimals of its currency", () => {
  expect(plain(formatMoney(1234, "JPY", "en-GB"))).toBe("JP¥1,234");
  expect(plain(formatMoney(5, "CHF", "en-GB"))).toBe("CHF 0.05");
  expect(formatMoney(99_999_999, "EUR", "en-GB")).toBe("€999,999.99");
});

test("a reduction carries a minus that is as wide as a digit", () => {
  expect(formatReduction(500, "EUR", "en-GB")).toBe("−€5.00");
});

test("a rate keeps the decimals it has and gets no others", () => {
  expect([19, 25.5].map((percent) => formatPercent(percent, "en-GB"))).toEqual(["19%", "25.5%"]);
});
