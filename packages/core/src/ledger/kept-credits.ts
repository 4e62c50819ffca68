/**
 * Credits that were to be renewed and could not be: frozen at their date, not forfeited (rule 23). For
 * 14 days they cannot be spent and stay visible; the next successful purchase, by hand or automatic,
 * revives them, and after that they are written off. Whoever asked for renewal is not to lose credits
 * because a card, a limit or the gateway was in the way, so it does not matter how far it got.
 *
 * Like what a dispute freezes they stay in their lot and go to the ledger account `holds`, so all that
 * happens to them is in the history. The postings say by their reason that it is the expiry that
 * holds them, because a dispute may hold other credits of the same lot.
 */
import type { TopUpId } from "../ids.ts";
import { settings } from "../settings.ts";
import { add, after, type Credits, earliest, type Instant, NO_CREDITS, total } from "../units.ts";
import type { Account } from "./account.ts";
import { bookBreakage, listExpired } from "./expiry.ts";
import type { Journal } from "./journal.ts";
import { isExpiredAt, type Lot } from "./lot.ts";
import { type Extension, keptReasons } from "./posting.ts";

type Keeper = Pick<Account, "keepsExpired">;

/** From this instant on kept credits of the lot are gone. */
export function forfeitAtOf({ expiresAt }: Pick<Lot, "expiresAt">): Instant {
  return after(expiresAt, settings.keptForMs);
}

/** Whether credits that are in the lot past its date stay the customer's for now. */
function isKeptAt({ keepsExpired }: Keeper, lot: Lot, at: Instant): boolean {
  const isToBeKept = lot.kind === "paid" && (keepsExpired || lot.kept > 0);
  return isToBeKept && isExpiredAt(lot, at) && at < forfeitAtOf(lot);
}

/** True by the clock, like the balance: what expired just now counts, whether or not it is booked yet. */
export function keptOf(account: Keeper, lot: Lot, at: Instant): Credits {
  return isKeptAt(account, lot, at) ? add(lot.kept, lot.remaining) : NO_CREDITS;
}

/** What a customer is told they can still save, and until when the first of it. Null when there is none. */
export function keptAt(
  account: Keeper,
  lots: Iterable<Lot>,
  at: Instant,
): { readonly credits: Credits; readonly until: Instant } | null {
  const kept = [...lots].filter((lot) => keptOf(account, lot, at) > 0);
  const until = earliest(kept.map(forfeitAtOf));
  if (until === null) return null;
  return { credits: total(kept.map((lot) => keptOf(account, lot, at))), until };
}

export interface ExpiredCredits {
  readonly lot: Lot;
  /** All that is left of it, or what came back to it after its date. */
  readonly amount: Credits;
  readonly bookedAt: Instant;
}

/**
 * Books what becomes of credits past their date: frozen if they are to be kept, otherwise forfeited.
 * A credit that comes back to a lot later is kept as long as its neighbours and no longer.
 */
export function bookExpired(books: Journal, { lot, amount, bookedAt }: ExpiredCredits): void {
  if (!isKeptAt(books.account, lot, bookedAt)) {
    bookBreakage(books, { lot, amount, bookedAt });
    return;
  }
  books.book({
    kind: "freeze",
    key: `expiry-freeze-${lot.id}-${books.account.version + 1}`,
    bookedAt,
    entries: [{ from: "customer", to: "holds", amount, lotId: lot.id }],
    reason: keptReasons.frozen,
  });
}

export interface Revival {
  /** The payment that revives them, and the date it gives. */
  readonly paymentIntentId: string;
  readonly topUpId: TopUpId;
  readonly askedBy?: string | null;
  readonly newExpiresAt: Instant;
}

/**
 * Part of settling a purchase, right behind its grant and extension: releases what is kept and gives
 * its lots the new date, in one posting. Answers the lots with their old and new dates for the
 * receipt.
 */
export function decideRevive(books: Journal, revival: Revival): readonly Extension[] {
  const { paymentIntentId, topUpId, askedBy = null, newExpiresAt } = revival;
  // What waits for its freeze behind an hour that nobody vouched for is the customer's as much.
  for (const lot of listExpired(books)) {
    if (!isKeptAt(books.account, lot, books.now)) continue;
    bookExpired(books, { lot, amount: lot.remaining, bookedAt: lot.expiresAt });
  }
  const kept = [...books.lots]
    .filter((lot) => keptOf(books.account, lot, books.now) > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (kept.length === 0) return [];
  const extensions = kept.map(({ id: lotId, expiresAt: oldExpiresAt }) => {
    return { lotId, oldExpiresAt, newExpiresAt };
  });
  books.book({
    kind: "release",
    key: `revival-${paymentIntentId}`,
    bookedAt: books.now,
    entries: kept.map(({ id: lotId, kept: amount }) => {
      return { from: "holds", to: "customer", amount, lotId };
    }),
    extensions,
    topUpId,
    askedBy,
    reason: keptReasons.revived,
  });
  return extensions;
}

/** The lots whose kept credits nobody came back for in time, in the order in which it ended. */
export function listKeptTooLong(books: Journal): Lot[] {
  return [...books.lots]
    .filter((lot) => lot.kept > 0 && forfeitAtOf(lot) <= books.now)
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1));
}

/** Books their breakage, dated at the instant their time was over. */
export function bookKeptTooLong(books: Journal, lot: Lot): void {
  const { id: lotId, kept: amount } = lot;
  books.book({
    kind: "breakage",
    key: `kept-too-long-${lotId}-${books.account.version + 1}`,
    bookedAt: forfeitAtOf(lot),
    entries: [
      { from: "holds", to: "customer", amount, lotId },
      { from: "customer", to: "breakage", amount, lotId },
    ],
    reason: keptReasons.forfeited,
  });
}
