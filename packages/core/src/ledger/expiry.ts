import type { Credits, Instant } from "../units.ts";
import type { Journal } from "./journal.ts";
import { isExpiredAt, type Lot } from "./lot.ts";

/**
 * The lots whose remainder is past its date and not yet booked as gone or kept, in the order of their
 * dates. What a dispute froze of them stays until it ends, and goes the same way then.
 */
export function listExpired(books: Journal): Lot[] {
  return [...books.lots]
    .filter((lot) => lot.remaining > 0 && isExpiredAt(lot, books.now))
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1));
}

/**
 * Books what a lot forfeited. The balance fell at the lot's instant already; this only says where
 * the credits went. A lot can forfeit again when a credit comes back to it after its date, so the
 * key counts: the version that will hold the posting is the one number that cannot repeat.
 */
export function bookBreakage(
  books: Journal,
  {
    lot,
    amount,
    bookedAt,
  }: { readonly lot: Lot; readonly amount: Credits; readonly bookedAt: Instant },
): void {
  books.book({
    kind: "breakage",
    key: `breakage-${lot.id}-${books.account.version + 1}`,
    bookedAt,
    entries: [{ from: "customer", to: "breakage", amount, lotId: lot.id }],
  });
}
