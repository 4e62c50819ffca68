import { describe, expect, test } from "vitest";
import { capFor, defaultPriceListData, type PriceListData, parsePriceList } from "./price-list.ts";

const parsed = (change: Partial<PriceListData> = {}) =>
  parsePriceList({ ...defaultPriceListData, ...change });

test("the default price list can be sold by", () => {
  expect(parsed().ok).toBe(true);
});

describe("a price list is refused", () => {
  test.each<[string, Partial<PriceListData>, string]>([
    ["without a version", { version: "" }, "has a version"],
    ["whose credits cost nothing", { unitPriceMinor: 0 }, "not 0"],
    ["whose credits cost half a cent", { unitPriceMinor: 0.5 }, "not 0.5"],
    ["whose credits cost nine digits", { unitPriceMinor: 100_000_000 }, "not 100000000"],
    ["that sells half a credit", { quantityMax: 0.5 }, "not 0.5"],
    ["that sells nothing", { quantityMax: 0 }, "not 0"],
    ["with a bad table", { tiers: [] }, "begins at 1"],
    ["whose credit is below the smallest charge", { unitPriceMinor: 49 }, "0.49 EUR"],
    // 10,000 at 96.16, 20 % off, with 30 % of tax: a million and 64.00.
    ["whose dearest quote has nine digits", { unitPriceMinor: 9_616 }, "eight digits"],
  ])("%s", (_, change, sentence) => {
    expect(parsed(change)).toMatchObject({
      ok: false,
      refusal: expect.stringContaining(sentence),
    });
  });
});

test("a price list is taken at the smallest and at the largest charge", () => {
  expect(parsed({ unitPriceMinor: 50 }).ok).toBe(true);
  expect(parsed({ unitPriceMinor: 9_615 }).ok).toBe(true);
});

test("a cap that takes one credit below the smallest charge refuses the price list", () => {
  const tiers = [
    { from: 1, discountPercent: 0 },
    { from: 2, discountPercent: 60 },
  ];
  expect(parsed({ unitPriceMinor: 60, tiers })).toMatchObject({
    ok: false,
    refusal: expect.stringContaining("0.48 EUR"),
  });
});

describe("a cap", () => {
  const list = (change: Partial<PriceListData> = {}) => {
    const outcome = parsed(change);
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.value;
  };

  test("is the cheapest larger quantity", () => {
    expect(capFor(list(), 24)).toEqual({ quantity: 25, discountPercent: 10 });
    expect(capFor(list(), 99)).toEqual({ quantity: 100, discountPercent: 20 });
  });

  test("is none where each larger quantity costs as much or more", () => {
    // 9 for 90.00 and 10 for 95.00; 94 for 799.00 and 100 for 800.00.
    for (const quantity of [1, 9, 10, 23, 25, 94, 100, 10_000]) {
      expect(capFor(list(), quantity)).toBeNull();
    }
    const even = { from: 10, discountPercent: 10 };
    expect(capFor(list({ tiers: [{ from: 1, discountPercent: 0 }, even] }), 9)).toBeNull();
  });

  test("reaches past the next tier when a later one is cheaper still", () => {
    const tiers = [
      { from: 1, discountPercent: 0 },
      { from: 10, discountPercent: 5 },
      { from: 12, discountPercent: 40 },
    ];
    expect(capFor(list({ tiers }), 9)).toEqual({ quantity: 12, discountPercent: 40 });
  });

  test("is the larger of two quantities at the same price", () => {
    const tiers = [
      { from: 1, discountPercent: 0 },
      { from: 10, discountPercent: 40 },
      { from: 12, discountPercent: 50 },
    ];
    expect(capFor(list({ tiers }), 8)).toEqual({ quantity: 12, discountPercent: 50 });
  });

  test("is none in a price list that has no caps", () => {
    const tiers = [
      { from: 1, discountPercent: 0 },
      { from: 10, discountPercent: 5 },
    ];
    expect(capFor(list({ tiers, capsAtLargerQuantity: false }), 9)).toBeNull();
  });
});
