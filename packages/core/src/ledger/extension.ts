import type { Instant } from "../units.ts";
import { isAliveAt, type Lot } from "./lot.ts";
import type { Extension } from "./posting.ts";

/**
 * What a purchase moves (rule 18): every unexpired paid lot that would end sooner. A later date is
 * never shortened, free lots keep theirs, and an expired lot is not revived. A lot whose credits are
 * frozen moves with the others, so a dispute that ends well ends as if it had never been. In the order
 * of the lots' ids, so that the same postings always read the same.
 */
export function planExtensions(
  lots: Iterable<Lot>,
  newExpiresAt: Instant,
  at: Instant,
): readonly Extension[] {
  return [...lots]
    .filter((lot) => lot.kind === "paid" && isAliveAt(lot, at) && lot.expiresAt < newExpiresAt)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((lot) => ({ lotId: lot.id, oldExpiresAt: lot.expiresAt, newExpiresAt }));
}
