import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultPriceListData, parsePriceList } from "../pricing/price-list.ts";
import { AutoTopUpAccount } from "../testing/auto-top-up-account.ts";
import { someSettings, tenForNinetyFive } from "../testing/auto-top-ups.ts";
import { noon } from "../testing/builders.ts";
import { after, type Instant } from "../units.ts";
import { backtest, type Past } from "./backtest.ts";

const DAY = 86_400_000;
const parsed = parsePriceList(defaultPriceListData);
if (!parsed.ok) throw new Error(parsed.refusal);
const priceList = parsed.value;

/** Days apart, and never more than one purchase brings, so that no cap is in the way of either. */
const arbitraryYear = fc.record({
  threshold: fc.integer({ min: 0, max: 3 }),
  triggers: fc.constantFrom(
    { outOfCredits: true, beforeExpiry: true },
    { outOfCredits: true, beforeExpiry: false },
    { outOfCredits: false, beforeExpiry: true },
  ),
  spendings: fc.array(
    fc.record({ days: fc.integer({ min: 2, max: 150 }), credits: fc.integer({ min: 1, max: 5 }) }),
    { maxLength: 12 },
  ),
});

test("looking back finds the purchases that really living through it makes", () => {
  let purchases = 0;
  fc.assert(
    fc.property(arbitraryYear, ({ threshold, triggers, spendings }) => {
      const real = new AutoTopUpAccount(noon, priceList);
      const { outOfCredits: whenOut, beforeExpiry } = triggers;
      real.act({ do: "buy_by_hand", credits: 5 });
      real.act({ do: "change_card", to: "good" });
      const on = { on: true, quantity: 10, whenOut, beforeExpiry, threshold, limit: null };
      real.act({ do: "save", settings: on });

      const end = after(noon, 700 * DAY);
      const usage: { at: Instant; credits: number }[] = [];
      let now: Instant = noon;
      const passUntil = (until: Instant) => {
        while (now < until) {
          real.now = now;
          real.settle();
          const dates = real.view().lots.flatMap((lot) => [lot.until - 3 * DAY, lot.until]);
          const ahead = dates.filter((date) => date > now);
          now = Math.min(until, ...ahead) as Instant;
        }
      };
      for (const { days, credits } of spendings) {
        const until = after(now, days * DAY);
        if (until >= end) break;
        passUntil(until);
        real.now = now;
        for (let one = 0; one < credits; one++) real.act({ do: "spend", credits: 1 });
        usage.push({ at: now, credits });
      }
      passUntil(end);

      const bought = { kind: "paid", at: noon, isPurchase: true } as const;
      const expiresAt = new Date(noon).setUTCFullYear(2027) as Instant;
      const lots = [{ ...bought, credits: 5, expiresAt }];
      const past: Past = { from: noon, until: end, lots, usage };
      const settings = someSettings({ threshold, triggers });
      const found = backtest(past, { settings, quote: tenForNinetyFive, timeZone: "UTC" });
      const lived = real.view().purchases.map(({ at }) => at);
      purchases += lived.length;
      // When both triggers fire at the same instant, which of them is named may differ.
      expect(found.purchases.map(({ at }) => at)).toEqual(lived);
    }),
    { numRuns: 60 },
  );
  expect(purchases).toBeGreaterThan(0);
});
