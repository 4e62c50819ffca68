/**
 * What is true of every quote, judged by arithmetic of its own: fractions as pairs of big integers,
 * and the whole price list written out quantity by quantity.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  defaultPriceListData,
  type PriceList,
  type PriceListData,
  parsePriceList,
} from "./price-list.ts";
import { type Quote, quote, quoteTerms, requote } from "./quote.ts";
import type { Tax } from "./tax.ts";
import type { Tier } from "./tiers.ts";

const arbitraryTax: fc.Arbitrary<Tax> = fc
  .constantFrom(0, 500, 770, 1900, 2550, 2700)
  .map((basisPoints) => ({ treatment: "domestic", basisPoints }));

/** Small tables with steep steps, so that caps are common and reach over several tiers. */
const arbitraryList: fc.Arbitrary<PriceListData> = fc
  .record({
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(30)), { maxLength: 5 }),
    unitPriceMinor: fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 50, max: 20_000 }),
    ),
    capsAtLargerQuantity: fc.boolean(),
  })
  .map(({ steps, unitPriceMinor, capsAtLargerQuantity }) => {
    const tiers: Tier[] = [{ from: 1, discountPercent: 0 }];
    for (const [gap, more] of steps) {
      const { from, discountPercent } = tiers.at(-1) as Tier;
      tiers.push({ from: from + gap, discountPercent: Math.min(99, discountPercent + more) });
    }
    const version = "generated";
    return {
      version,
      currency: "EUR",
      unitPriceMinor,
      quantityMax: 100,
      capsAtLargerQuantity,
      tiers,
    };
  });

const arbitraryValidList: fc.Arbitrary<PriceList> = arbitraryList
  .map(parsePriceList)
  .filter((parsed) => parsed.ok)
  .map((parsed) => (parsed as { value: PriceList }).value);

function priceList(data: PriceListData): PriceList {
  const parsed = parsePriceList(data);
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}

function quoteOf(list: PriceList, quantity: number, tax: Tax): Quote {
  const outcome = quote({ quantity, priceList: list, tax });
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value;
}

const everyQuantity = (list: PriceListData) =>
  Array.from({ length: list.quantityMax }, (_, index) => index + 1);

/** Rounds n/d half up by adding a half and cutting off. */
const halfUp = (n: bigint, d: bigint) => Number((n + d / 2n) / d);

/** Without caps: found by walking the table, rounded from an even denominator. */
function netUncapped(list: PriceListData, quantity: number): number {
  let percent = 0;
  for (const tier of list.tiers) if (quantity >= tier.from) percent = tier.discountPercent;
  return halfUp(BigInt(quantity * list.unitPriceMinor) * BigInt(100 - percent), 100n);
}

function checkEveryQuote(list: PriceList, tax: Tax): void {
  const quotes = everyQuantity(list).map((quantity) => quoteOf(list, quantity, tax));
  const nets = everyQuantity(list).map((quantity) => netUncapped(list, quantity));
  // From the end, the least that this or any larger quantity costs.
  const least = [...nets];
  for (let i = least.length - 2; i >= 0; i--) least[i] = Math.min(least[i] ?? 0, least[i + 1] ?? 0);

  let before = 0;
  for (const [index, found] of quotes.entries()) {
    const net = found.subtotalMinor - found.discountMinor;
    const at = `at ${found.quantity}`;
    if (found.totalMinor < before) throw new Error(`the total falls ${at}`);
    if (found.discountMinor < 0) throw new Error(`the discount is negative ${at}`);
    if (found.subtotalMinor !== found.quantity * list.unitPriceMinor) throw new Error(at);
    if (net + found.taxMinor !== found.totalMinor) throw new Error(`it does not add up ${at}`);
    if (found.taxMinor !== halfUp(BigInt(net) * BigInt(tax.basisPoints), 10_000n)) {
      throw new Error(`the tax is wrong ${at}`);
    }
    const expected = list.capsAtLargerQuantity ? least[index] : nets[index];
    if (net !== expected) throw new Error(`the price is ${net} instead of ${expected} ${at}`);
    const cap = found.cappedByQuantity;
    const isCheaper = cap !== undefined && nets[cap - 1] === net && cap > found.quantity;
    if (net < (nets[index] ?? 0) !== (cap !== undefined)) throw new Error(`a cap is wrong ${at}`);
    if (cap !== undefined && !isCheaper) throw new Error(`the cap names another price ${at}`);
    before = found.totalMinor;
  }
}

describe("of every quantity that can be bought, the total adds up, never falls and is capped exactly", () => {
  test.each([0, 700, 1900, 2550])(
    "by the default prices with %i hundredths of a percent tax",
    (basisPoints) => {
      checkEveryQuote(priceList(defaultPriceListData), { treatment: "domestic", basisPoints });
    },
  );

  test("by any price list that is taken", () => {
    fc.assert(fc.property(arbitraryValidList, arbitraryTax, checkEveryQuote), { numRuns: 300 });
  });
});

test("a table of rising discounts is refused exactly when it has no caps and its exact total falls", () => {
  fc.assert(
    fc.property(arbitraryList, (data) => {
      const falls = everyQuantity(data).some((quantity) => {
        const percentAt = (at: number) =>
          data.tiers.filter(({ from }) => from <= at).at(-1)?.discountPercent ?? 0;
        const exact = (at: number) => at * (100 - percentAt(at));
        return quantity > 1 && exact(quantity) < exact(quantity - 1);
      });
      const parsed = parsePriceList(data);
      const isRefusedForThat = !parsed.ok && parsed.refusal.includes("would cost more than");
      expect(isRefusedForThat).toBe(falls && !data.capsAtLargerQuantity);
    }),
  );
});

test("a quote worked out again from its stored terms is the same", () => {
  fc.assert(
    fc.property(
      arbitraryValidList,
      arbitraryTax,
      fc.integer({ min: 1, max: 100 }),
      (list, tax, quantity) => {
        const terms = quoteTerms({ quantity, priceList: list, tax });
        if (!terms.ok) throw new Error(terms.refusal.code);
        const stored = JSON.parse(JSON.stringify(terms.value)) as typeof terms.value;
        expect(requote(stored)).toEqual(quoteOf(list, quantity, tax));
      },
    ),
  );
});
