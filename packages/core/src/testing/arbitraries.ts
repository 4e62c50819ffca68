/** Facts of every kind for property tests, small enough that edges meet often. */
import fc from "fast-check";
import type { Lot, LotKind } from "../ledger/lot.ts";
import { type Instant, instant } from "../units.ts";
import { aLot, at, noon } from "./builders.ts";

const HOUR_MINUTES = 60;

/**
 * Instants from a few hours around noon. Most are whole minutes or a millisecond beside one, so that
 * boundaries, expiries and commands fall on each other.
 */
export function arbitraryInstant(
  range: { readonly from?: number; readonly to?: number } = {},
): fc.Arbitrary<Instant> {
  const { from = 0, to = 6 * HOUR_MINUTES } = range;
  return fc.oneof(
    fc.integer({ min: from, max: to }).map((minutes) => at(minutes)),
    fc
      .tuple(fc.integer({ min: from, max: to }), fc.constantFrom(-1, 0, 1))
      .map(([minutes, ms]) => at(minutes, ms)),
    fc
      .tuple(
        fc.integer({ min: Math.ceil(from / 30), max: Math.floor(to / 30) }),
        fc.constantFrom(-1, 0, 1),
      )
      .map(([halves, ms]) => at(halves * 30, ms)),
  );
}

/** How long something lasts, in milliseconds: often a whole number of hours, or a millisecond beside. */
export const arbitraryDuration: fc.Arbitrary<number> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-1, 0, 1))
    .map(([hours, ms]) => Math.max(0, hours * 3_600_000 + ms)),
  fc.integer({ min: 0, max: 4 * 3_600_000 }),
);

export const arbitraryKind: fc.Arbitrary<LotKind> = fc.constantFrom("paid", "free");

/** Up to so many lots with ids of their own. Few distinct dates, so that ties are common. */
export function arbitraryLots(
  options: { readonly max?: number; readonly remainingMax?: number } = {},
): fc.Arbitrary<Lot[]> {
  const { max = 8, remainingMax = 6 } = options;
  const facts = fc.record({
    kind: arbitraryKind,
    spent: fc.integer({ min: 0, max: 5 }),
    remaining: fc.integer({ min: 0, max: remainingMax }),
    effectiveAt: fc.constantFrom(at(-120), at(-60), at(0, -1), noon),
    life: fc.constantFrom(1, 60_000, 3_600_000, 7_200_000, 86_400_000),
  });
  return fc.array(facts, { maxLength: max }).map((all) =>
    all.map(({ kind, spent, remaining, effectiveAt, life }, index) =>
      aLot({
        id: String.fromCharCode("a".charCodeAt(0) + index),
        kind,
        granted: Math.max(1, remaining + spent),
        remaining,
        effectiveAt,
        expiresAt: instant(effectiveAt + life),
      }),
    ),
  );
}
