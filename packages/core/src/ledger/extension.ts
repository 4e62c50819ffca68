import { add, type Credits, type Instant } from "../units.ts";
import type { Account } from "./account.ts";
import { keptOf } from "./kept-credits.ts";
import { isAliveAt, isExpiredAt, type Lot } from "./lot.ts";
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

/** A lot's date before and after a purchase that is only thought of. */
export interface ForeseenExtension extends Extension {
  readonly credits: Credits;
  /** It is past its date, and the purchase brings it back. */
  readonly isRevived: boolean;
}

/** What a purchase would move if it were paid now: the lots that expire sooner and those that are kept. */
export function foreseeExtensions(
  account: Pick<Account, "keepsExpired">,
  lots: readonly Lot[],
  { newExpiresAt, at }: { readonly newExpiresAt: Instant; readonly at: Instant },
): readonly ForeseenExtension[] {
  const moved = new Set(planExtensions(lots, newExpiresAt, at).map(({ lotId }) => lotId));
  return lots
    .filter((lot) => moved.has(lot.id) || keptOf(account, lot, at) > 0)
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
    .map((lot) => ({
      lotId: lot.id,
      credits: isExpiredAt(lot, at) ? keptOf(account, lot, at) : add(lot.remaining, lot.frozen),
      oldExpiresAt: lot.expiresAt,
      newExpiresAt,
      isRevived: isExpiredAt(lot, at),
    }));
}
