import type { LotId } from "../ids.ts";
import { type Credits, credits, earliest, type Instant, NO_CREDITS, total } from "../units.ts";

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
  /** What can be spent of it while it is alive. */
  readonly remaining: Credits;
  /** What is kept aside of it: still the customer's, out of reach until a dispute ends or a purchase revives it. */
  readonly frozen: Credits;
  /** Those of the frozen ones that were to be renewed and could not be; disputes hold the others. */
  readonly kept: Credits;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
}

export function isExpiredAt(lot: Lot, at: Instant): boolean {
  return lot.expiresAt <= at;
}

export function isSpendableAt(lot: Lot, at: Instant): boolean {
  return lot.remaining > 0 && lot.effectiveAt <= at && at < lot.expiresAt;
}

/** Holds anything at all. Frozen credits count: they may come back. */
export function isOpenLot({ remaining, frozen }: Pick<Lot, "remaining" | "frozen">): boolean {
  return remaining + frozen > 0;
}

/** Spendable at an instant, or would be if nothing of it were frozen. */
export function isAliveAt(lot: Lot, at: Instant): boolean {
  return isOpenLot(lot) && lot.effectiveAt <= at && at < lot.expiresAt;
}

/** How many credits may still come back to it: those that left it for good. */
export function roomOf({ granted, remaining, frozen }: Lot): Credits {
  return credits(granted - remaining - frozen);
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

/**
 * Who takes a credit that cannot go back where it came from: living lots that hold something before
 * all others, of which the spent ones may not have been read; then the latest date, so that it is
 * not lost to one that has passed.
 */
export function byRoomOrder(at: Instant): (a: Lot, b: Lot) => number {
  return (a, b) =>
    Number(isAliveAt(b, at)) - Number(isAliveAt(a, at)) ||
    b.expiresAt - a.expiresAt ||
    (a.id < b.id ? -1 : 1);
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
