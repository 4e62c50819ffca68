import { expect, test } from "vitest";
import { enteredMoney, moneyAsTyped } from "./entered-money.ts";

const minorOf = (text: string, { locale = "en-GB", currency = "EUR" } = {}) => {
  const answer = enteredMoney(text, currency, locale);
  return answer.ok ? answer.amountMinor : answer.problem;
};

test("whole and broken amounts are taken, with a point or a comma", () => {
  expect(["300", " 300.5 ", "300,50", "0.05", "007"].map((text) => minorOf(text))).toEqual([
    300_00, 300_50, 300_50, 5, 7_00,
  ]);
});

test("nothing typed is no amount, and the currency may stand beside it", () => {
  expect(["", "  ", "€", "€300", "300 €", "EUR 300"].map((text) => minorOf(text))).toEqual([
    null,
    null,
    null,
    300_00,
    300_00,
    300_00,
  ]);
});

test("thousands are taken the way the reader's locale groups them", () => {
  expect(minorOf("1,000")).toBe(1000_00);
  expect(minorOf("1,234.56")).toBe(1234_56);
  expect(minorOf("1.234,56", { locale: "de-DE" })).toBe(1234_56);
  expect(minorOf("1 234,56", { locale: "fr-FR" })).toBe(1234_56);
});

test("what another locale would read a thousand times larger is refused", () => {
  for (const text of ["1.000", "1.2345"]) expect(minorOf(text), text).toMatch(/^Enter an amount/);
  expect(minorOf("1,000", { locale: "de-DE" })).toMatch(/^Enter an amount/);
});

test("a currency without decimals takes none", () => {
  expect(minorOf("5000", { currency: "JPY" })).toBe(5000);
  expect(minorOf("50.5", { currency: "JPY" })).toMatch(/^Enter an amount/);
});

test("anything else is no amount", () => {
  for (const text of ["-1", "+5", "ten", "1e3", "5 5", ".", "1.2.3"])
    expect(minorOf(text), text).toMatch(/^Enter an amount/);
  expect(minorOf("99999999999999999")).toBe("Enter a smaller amount.");
});

test("what a field shows is read back as the same amount", () => {
  for (const locale of ["en-GB", "de-DE", "fr-FR"])
    for (const amount of [0, 5, 300_00, 300_50, 1_234_567_89])
      expect(minorOf(moneyAsTyped(amount, "EUR", locale), { locale })).toBe(amount);
});
