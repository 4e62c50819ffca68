import { describe, expect, test } from "vitest";
import { defaultPriceListData, type PriceListData, parsePriceList } from "./price-list.ts";
import { type Quote, quote, quoteOfNothing, quoteTerms, requote } from "./quote.ts";
import type { Tax } from "./tax.ts";

const untaxed: Tax = { treatment: "outside_eu", basisPoints: 0 };
const german: Tax = { treatment: "domestic", basisPoints: 1900 };

function priceList(change: Partial<PriceListData> = {}) {
  const parsed = parsePriceList({ ...defaultPriceListData, ...change });
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}

function quoted(
  quantity: number,
  { tax = untaxed, ...change }: Partial<PriceListData & { tax: Tax }> = {},
): Quote {
  const outcome = quote({ quantity, priceList: priceList(change), tax });
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value;
}

describe("a quote", () => {
  test("of one credit is its price", () => {
    expect(quoted(1)).toEqual({
      quantity: 1,
      currency: "EUR",
      unitPriceMinor: 1000,
      discountPercent: 0,
      subtotalMinor: 1000,
      discountMinor: 0,
      taxMinor: 0,
      totalMinor: 1000,
    });
  });

  test("discounts the whole quantity, and taxes what is left", () => {
    expect(quoted(10, { tax: german })).toMatchObject({
      discountPercent: 5,
      subtotalMinor: 10_000,
      discountMinor: 500,
      taxMinor: 1805,
      totalMinor: 11_305,
    });
  });

  test.each([
    [9, 90_00],
    [10, 95_00],
    [23, 218_50],
    [25, 225_00],
    [50, 425_00],
    [100, 800_00],
    [10_000, 80_000_00],
  ])("of %i credits is %i", (quantity, totalMinor) => {
    const found = quoted(quantity);
    expect(found.totalMinor).toBe(totalMinor);
    expect(found.cappedByQuantity).toBeUndefined();
  });

  test.each([
    [24, 25, 225_00],
    [48, 50, 425_00],
    [49, 50, 425_00],
    [95, 100, 800_00],
    [99, 100, 800_00],
  ])("of %i credits is capped at the price of %i", (quantity, cappedByQuantity, totalMinor) => {
    expect(quoted(quantity)).toMatchObject({ cappedByQuantity, totalMinor });
  });

  test("shows its own tier's discount when it is capped, and an amount that adds up", () => {
    expect(quoted(24)).toMatchObject({
      discountPercent: 5,
      subtotalMinor: 240_00,
      discountMinor: 15_00,
      totalMinor: 225_00,
    });
  });

  test("rounds half a cent up, once, on the whole line", () => {
    // 11 × 0.51 × 95 % = 5.3295; each credit rounded would be 0.48 and the line 5.28.
    expect(quoted(11, { unitPriceMinor: 51 }).totalMinor).toBe(533);
    // 10 × 0.53 × 95 % = 5.035.
    expect(quoted(10, { unitPriceMinor: 53 }).totalMinor).toBe(504);
  });

  test("rounds the tax once, on the rounded line", () => {
    // 19 % of 0.50 is 9.5 cents.
    expect(quoted(1, { unitPriceMinor: 50, tax: german })).toMatchObject({
      taxMinor: 10,
      totalMinor: 60,
    });
  });

  test("in yen is in whole yen", () => {
    expect(quoted(11, { currency: "JPY", unitPriceMinor: 151 })).toMatchObject({
      subtotalMinor: 1661,
      totalMinor: 1578,
    });
  });
});

test.each([0, -1, 1.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY])(
  "a quantity of %s is refused, with what may be bought",
  (quantity) => {
    expect(quote({ quantity, priceList: priceList(), tax: untaxed })).toEqual({
      ok: false,
      refusal: { code: "invalid_quantity", min: 1, max: 10_000 },
    });
  },
);

test("stored terms are quoted as on their day, whatever the prices are now", () => {
  const terms = quoteTerms({ quantity: 24, priceList: priceList(), tax: german });
  if (!terms.ok) throw new Error(terms.refusal.code);
  const stored = JSON.parse(JSON.stringify(terms.value)) as typeof terms.value;
  expect(requote(stored)).toEqual(quoted(24, { tax: german }));
  expect(quoted(24, { tax: german, unitPriceMinor: 2000 })).not.toEqual(requote(stored));
});

test("a checkout that only saves a card costs nothing", () => {
  expect(quoteOfNothing(priceList())).toMatchObject({ quantity: 0, totalMinor: 0, taxMinor: 0 });
});
