import { describe, expect, test } from "vitest";
import { defaultPriceListData } from "./price-list.ts";
import { parseTiers, type Tier, tierFor } from "./tiers.ts";

const uncapped = { quantityMax: 10_000, capsAtLargerQuantity: false };
const capped = { quantityMax: 10_000, capsAtLargerQuantity: true };
const tiers = (...pairs: readonly (readonly [number, number])[]): Tier[] =>
  pairs.map(([from, discountPercent]) => ({ from, discountPercent }));

test("a tier holds from its first quantity until the one before the next tier's", () => {
  const { tiers: table } = defaultPriceListData;
  const discounts = [1, 9, 10, 24, 25, 49, 50, 99, 100, 10_000].map(
    (quantity) => tierFor(table, quantity)?.discountPercent,
  );
  expect(discounts).toEqual([0, 0, 5, 5, 10, 10, 15, 15, 20, 20]);
  expect(tierFor(table, 0)).toBeUndefined();
});

describe("a table whose total falls as the quantity rises", () => {
  const falling = tiers([1, 0], [10, 20]);

  test("is refused, with the two quantities that show it", () => {
    expect(parseTiers(falling, uncapped)).toEqual({
      ok: false,
      refusal:
        "9 credits would cost more than 10: the discount rises from 0 % to 20 % at 10 credits, and the price list has no cap at larger quantities.",
    });
  });

  test("is taken when the price is capped at that of a larger quantity", () => {
    expect(parseTiers(falling, capped)).toEqual({ ok: true, value: falling });
  });

  test("is not one whose totals are just the same", () => {
    expect(parseTiers(tiers([1, 0], [10, 10]), uncapped).ok).toBe(true);
    expect(parseTiers(tiers([1, 0], [10, 11]), uncapped).ok).toBe(false);
  });

  test("is the default table, at 24 credits", () => {
    expect(parseTiers(defaultPriceListData.tiers, capped).ok).toBe(true);
    expect(parseTiers(defaultPriceListData.tiers, uncapped)).toMatchObject({
      refusal: expect.stringContaining("24 credits would cost more than 25"),
    });
  });
});

describe("a table is refused", () => {
  const whole = "whole";
  test.each([
    ["without a tier", tiers(), "begins at 1"],
    ["that does not begin at 1", tiers([2, 0]), "begins at 1"],
    ["with a tier at half a credit", tiers([1, 0], [2.5, 5]), whole],
    ["with a tier nobody can buy", tiers([1, 0], [10_001, 5]), "not at 10001"],
    ["with half a percent", tiers([1, 0.5]), whole],
    ["with a negative discount", tiers([1, -1]), whole],
    ["that gives credits away", tiers([1, 100]), "0 to 99"],
    ["with two tiers at one quantity", tiers([1, 0], [10, 5], [10, 6]), "10 comes after 10"],
    ["with tiers out of order", tiers([1, 0], [10, 5], [5, 6]), "5 comes after 10"],
    ["with a discount that falls", tiers([1, 5], [10, 4]), "must never earn less"],
  ])("%s", (_, table, sentence) => {
    expect(parseTiers(table, capped)).toMatchObject({
      ok: false,
      refusal: expect.stringContaining(sentence),
    });
  });
});
