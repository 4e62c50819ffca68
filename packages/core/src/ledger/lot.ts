import type { LotId } from "../ids.ts";
import { type Credits, earliest, type Instant, NO_CREDITS, total } from "../units.ts";

export type LotKind = "paid" | "free";

/**
 * Credits granted together, spendable from `effectiveAt` (inclusive) until `expiresAt` (exclusive).
 * This is the one place that says so; everybody else asks `isSpendableAt`.
 */
export interface Lot {
  readonly id: LotId;
  readonly kind: LotKind;
  /** Where it came from, for people: "operator grant", "purchase". */
  readonly source: string;
  readonly granted: Credits;
  readonly remaining: Credits;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
}

export function isExpiredAt(lot: Lot, at: Instant): boolean {
  return lot.expiresAt <= at;
}

export function isSpendableAt(lot: Lot, at: Instant): boolean {
  return lot.remaining > 0 && lot.effectiveAt <= at && at < lot.expiresAt;
}

/**
 * Free before paid, then nearest expiry, then oldest, then id (DESIGN rule 3): what a customer paid
 * for lasts longest, what would be forfeited first is used first, and a replay draws the same lots.
 */
export function byDrawOrder(a: Lot, b: Lot): number {
  if (a.kind !== b.kind) return a.kind === "free" ? -1 : 1;
  return (
    a.expiresAt - b.expiresAt ||
    a.effectiveAt - b.effectiveAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** True by the clock: an expired lot does not count from its instant on, whether or not a job ran. */
export function availableAt(lots: Iterable<Lot>, at: Instant): Credits {
  return total([...lots].filter((lot) => isSpendableAt(lot, at)).map((lot) => lot.remaining));
}

/** The next instant at which the available balance falls by itself, and by how much. */
export function nextExpiryAfter(
  lots: Iterable<Lot>,
  at: Instant,
): { readonly at: Instant; readonly credits: Credits } | null {
  const spendable = [...lots].filter((lot) => isSpendableAt(lot, at));
  const first = earliest(spendable.map((lot) => lot.expiresAt));
  if (first === null) return null;
  const leaving = spendable.filter((lot) => lot.expiresAt === first).map((lot) => lot.remaining);
  return { at: first, credits: leaving.length === 0 ? NO_CREDITS : total(leaving) };
}
