import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultPriceListData, type PriceList, parsePriceList } from "../pricing/price-list.ts";
import { quote } from "../pricing/quote.ts";
import { someFacts } from "../testing/auto-top-ups.ts";
import { at } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { neverSaved } from "./configuration.ts";
import { decideAutoTopUp } from "./decide.ts";
import { decideSave, type SavedAutoTopUp } from "./save.ts";

const tax = { treatment: "outside_eu", basisPoints: 0 } as const;

function listAt(unitPriceMinor: number): PriceList {
  const parsed = parsePriceList({ ...defaultPriceListData, unitPriceMinor });
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}
const prices = [9_00, 10_00, 11_00].map(listAt);

const arbitrarySave = fc.record({
  enabled: fc.boolean(),
  quantity: fc.integer({ min: 0, max: 30 }),
  triggers: fc.record({ outOfCredits: fc.boolean(), beforeExpiry: fc.boolean() }),
  threshold: fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined }),
  monthlyLimitMinor: fc.oneof(
    fc.constantFrom(null, undefined),
    fc.integer({ min: -1, max: 500_00 }),
  ),
  lag: fc.constantFrom(0, 0, 0, 1),
  price: fc.constantFrom(...prices),
});

test("whatever is saved while the price moves: no more is ever bought than the last sentence said", () => {
  let bought = 0;
  fc.assert(
    fc.property(fc.array(arbitrarySave, { maxLength: 12 }), (saves) => {
      let saved: SavedAutoTopUp = { settings: neverSaved, consent: null };
      for (const [index, { lag, price, ...entered }] of saves.entries()) {
        const before = saved;
        const outcome = decideSave(
          before,
          { ...entered, surface: "overview", revision: before.settings.revision - lag },
          { now: at(index), userId: "u", ip: null, company: "S", priceList: price, tax },
        );
        if (outcome.ok) saved = outcome.value.saved;
        const isStored = outcome.ok && outcome.value.isChanged;
        expect(saved.settings.revision).toBe(before.settings.revision + Number(isStored));
        if (!isStored) expect(saved).toBe(before);

        const { settings, consent } = saved;
        for (const today of prices) {
          const quoted = quote({ quantity: settings.quantity, priceList: today, tax });
          if (!quoted.ok) throw new Error("What is saved can be bought.");
          const decision = decideAutoTopUp(
            someFacts({ settings, consent, quote: quoted.value, available: credits(0) }),
            at(600),
          );
          if (decision.do !== "buy") continue;
          bought += 1;
          expect(settings.enabled && settings.triggers.outOfCredits).toBe(true);
          if (consent === null) throw new Error("Nothing is bought without a word.");
          expect(quoted.value.totalMinor).toBeLessThanOrEqual(consent.price.totalMinor);
          expect(settings.quantity).toBeLessThanOrEqual(consent.quantity);
          expect(consent.triggers.outOfCredits).toBe(true);
          const limit = settings.monthlyLimitMinor ?? Number.POSITIVE_INFINITY;
          expect(limit).toBeLessThanOrEqual(consent.monthlyLimitMinor ?? Number.POSITIVE_INFINITY);
          expect(quoted.value.totalMinor).toBeLessThanOrEqual(limit);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(bought).toBeGreaterThan(0);
});
