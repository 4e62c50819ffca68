/**
 * What is true of a draw whatever the lots are. The order and the dates are judged here by words of
 * their own: a sentence made of each lot, and a look at its two dates.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryInstant, arbitraryLots } from "../testing/arbitraries.ts";
import { credits } from "../units.ts";
import { drawFromLots } from "./draw.ts";
import type { Lot } from "./lot.ts";

const arbitraryCase = fc
  .record({
    lots: arbitraryLots(),
    required: fc.integer({ min: 1, max: 12 }).map(credits),
    at: arbitraryInstant({ from: -90, to: 90 }),
    shuffle: fc.infiniteStream(fc.nat()),
  })
  .map(({ lots, shuffle, ...rest }) => ({ ...rest, lots, shuffled: shuffledBy(lots, shuffle) }));

function shuffledBy(lots: readonly Lot[], numbers: Iterator<number>): Lot[] {
  const left = [...lots];
  const shuffled: Lot[] = [];
  while (left.length > 0) shuffled.push(...left.splice(numbers.next().value % left.length, 1));
  return shuffled;
}

/** Sorts as the lot should be drawn: free or paid, expiry, age, id. */
function turn({ kind, expiresAt, effectiveAt, id }: Lot): string {
  const padded = (at: number) => String(at).padStart(16, "0");
  return [kind === "free" ? "first" : "second", padded(expiresAt), padded(effectiveAt), id].join(
    " ",
  );
}

describe("a draw", () => {
  test("does not depend on the order in which the lots are given", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ lots, shuffled, required, at }) => {
        expect(drawFromLots(shuffled, required, at)).toEqual(drawFromLots(lots, required, at));
      }),
    );
  });

  test("covers the debit exactly, with positive parts of distinct lots that hold them", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ lots, required, at }) => {
        const drawn = drawFromLots(lots, required, at);
        if (!drawn.ok) return;
        expect(drawn.value.reduce((sum, { amount }) => sum + amount, 0)).toBe(required);
        expect(new Set(drawn.value.map(({ lotId }) => lotId)).size).toBe(drawn.value.length);
        for (const { lotId, amount } of drawn.value) {
          const lot = lots.find(({ id }) => id === lotId);
          expect(amount).toBeGreaterThan(0);
          expect(amount).toBeLessThanOrEqual(lot?.remaining ?? 0);
          expect(lot?.effectiveAt).toBeLessThanOrEqual(at);
          expect(lot?.expiresAt).toBeGreaterThan(at);
        }
      }),
    );
  });

  test("leaves nothing in a lot whose turn came before one that was drawn", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ lots, required, at }) => {
        const drawn = drawFromLots(lots, required, at);
        if (!drawn.ok) return;
        const amountOf = new Map<string, number>(
          drawn.value.map(({ lotId, amount }) => [lotId, amount]),
        );
        const turns = lots
          .filter(({ effectiveAt, expiresAt }) => !(effectiveAt > at || expiresAt <= at))
          .sort((a, b) => (turn(a) < turn(b) ? -1 : 1));
        const last = turns.findLastIndex(({ id }) => amountOf.has(id));
        for (const lot of turns.slice(0, last))
          expect(amountOf.get(lot.id) ?? 0).toBe(lot.remaining);
      }),
    );
  });

  test("is refused only when all usable lots together hold too little, and says how much", () => {
    fc.assert(
      fc.property(arbitraryCase, ({ lots, required, at }) => {
        let usable = 0;
        for (const lot of lots) {
          if (lot.effectiveAt > at || lot.expiresAt <= at) continue;
          usable += lot.remaining;
        }
        const drawn = drawFromLots(lots, required, at);
        expect(drawn.ok).toBe(usable >= required);
        if (!drawn.ok)
          expect(drawn.refusal).toEqual({
            code: "insufficient_credits",
            required,
            available: usable,
          });
      }),
    );
  });
});
