import { describe, expect, test } from "vitest";
import { minor } from "../pricing/money.ts";
import { instant } from "../units.ts";
import {
  cardWords,
  countryWords,
  creditsWords,
  instantWords,
  lineOf,
  moneyWords,
  percentWords,
  reductionWords,
  yearIn,
} from "./words.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("an amount of money", () => {
  test.each([
    [0, "EUR", "EUR 0.00"],
    [5, "EUR", "EUR 0.05"],
    [99_999_999, "EUR", "EUR 999,999.99"],
    [100_000, "CHF", "CHF 1,000.00"],
    [99_999, "USD", "USD 999.99"],
    [1_234_567, "JPY", "JPY 1,234,567"],
  ] as const)("of %s minor units of %s is %s", (amount, currency, words) => {
    expect(plain(moneyWords(minor(amount), currency))).toBe(words);
  });

  test("that is taken off has a minus, and nothing has none", () => {
    expect(plain(reductionWords(minor(500), "EUR"))).toBe("−EUR 5.00");
    expect(plain(reductionWords(minor(0), "EUR"))).toBe("EUR 0.00");
  });
});

test.each([
  [0, "0 %"],
  [500, "5 %"],
  [770, "7.7 %"],
  [815, "8.15 %"],
  [1_005, "10.05 %"],
  [1_900, "19 %"],
])("%s hundredths of a percent are %s", (basisPoints, words) => {
  expect(plain(percentWords(basisPoints))).toBe(words);
});

test("one credit is one, and thousands are grouped", () => {
  expect(creditsWords(1)).toBe("1 credit");
  expect(creditsWords(10_000)).toBe("10,000 credits");
});

describe("an instant", () => {
  const newYear = instant(Date.UTC(2026, 11, 31, 23, 30));

  test("is written in the zone, which is named", () => {
    expect(instantWords(newYear, "Europe/Vienna")).toBe("1 January 2027, 00:30 (Vienna)");
    expect(instantWords(newYear, "America/New_York")).toBe("31 December 2026, 18:30 (New York)");
    expect(instantWords(newYear, "Etc/UTC")).toBe("31 December 2026, 23:30 (UTC)");
  });

  test("is of the year that is written", () => {
    expect(yearIn(newYear, "Europe/Vienna")).toBe(2027);
    expect(yearIn(newYear, "UTC")).toBe(2026);
  });
});

test("what somebody typed stays on its line and cannot turn the text around", () => {
  expect(lineOf("  Acme\r\nBcc: x@y.example\t\u202egnp.exe\u0000 ")).toBe(
    "Acme Bcc: x@y.example gnp.exe",
  );
  expect(lineOf("Łukasz Čapek-Παπαδόπουλος Королёв")).toBe("Łukasz Čapek-Παπαδόπουλος Королёв");
  expect(lineOf('=HYPERLINK("http://evil.example")')).toBe('=HYPERLINK("http://evil.example")');
});

test("a country is named, and letters that name none stay as they are", () => {
  expect(countryWords("AT")).toBe("Austria");
  expect(countryWords("XX")).toBe("XX");
  expect(countryWords("<b>")).toBe("<b>");
});

test("a brand of card we do not know is a card", () => {
  expect(cardWords({ brand: "visa", last4: "4242" })).toBe("Visa ending in 4242");
  expect(cardWords({ brand: "constructor", last4: "0000" })).toBe("Card ending in 0000");
});
