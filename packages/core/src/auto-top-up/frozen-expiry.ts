/**
 * Credits that were to be renewed and could not be: frozen at their date, not forfeited (rule 23). For
 * 14 days they cannot be spent and stay visible; the next successful purchase, by hand or automatic,
 * revives them, and after that they are written off.
 *
 * Like what a dispute freezes they stay in their lot and go to the ledger account `holds`, so all that
 * happens to them is in the history. The postings say by their reason that it is the expiry that
 * holds them, because a dispute may hold other credits of the same lot; `ExpiryHold` is the sum of
 * those entries, stored with them, as what a purchase's disputes hold is stored with the purchase.
 */
import type { LotId, TopUpId } from "../ids.ts";
import { bookBreakage } from "../ledger/expiry.ts";
import type { Journal } from "../ledger/journal.ts";
import { isExpiredAt, type Lot } from "../ledger/lot.ts";
import type { Extension } from "../ledger/posting.ts";
import { add, after, type Credits, type Instant, total } from "../units.ts";
import type { AutoTopUpSettings } from "./configuration.ts";
import { autoTopUpPolicy } from "./policy.ts";

export interface ExpiryHold {
  readonly lotId: LotId;
  readonly amount: Credits;
  /** The lot's date. */
  readonly frozenAt: Instant;
  /** From this instant on the credits are gone. */
  readonly forfeitAt: Instant;
}

/** The reasons in the postings; what a dispute does has none. */
export const expiryHoldReasons = {
  frozen: "frozen_at_expiry",
  revived: "revived",
  forfeited: "kept_too_long",
} as const;

/**
 * Whether what expires is kept: whoever asked for renewal is not to lose credits because a card, a
 * limit or the gateway was in the way. It does not matter how far the renewal got; without the
 * setting credits expire at their date.
 */
export function keepsExpired({ enabled, triggers }: AutoTopUpSettings): boolean {
  return enabled && triggers.beforeExpiry;
}

/** What is to be frozen of lots whose date has passed, in the order of their dates. */
export function planFrozenExpiry(lots: Iterable<Lot>, at: Instant): ExpiryHold[] {
  return [...lots]
    .filter((lot) => lot.remaining > 0 && isExpiredAt(lot, at) && mayBeKept(lot, at))
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
    .map((lot) => holdOf(lot, lot.remaining));
}

function mayBeKept(lot: Lot, at: Instant): boolean {
  return lot.kind === "paid" && at < forfeitAtOf(lot);
}

function forfeitAtOf({ expiresAt }: Lot): Instant {
  return after(expiresAt, autoTopUpPolicy.keptForMs);
}

function holdOf(lot: Lot, amount: Credits): ExpiryHold {
  const { id: lotId, expiresAt: frozenAt } = lot;
  return { lotId, amount, frozenAt, forfeitAt: forfeitAtOf(lot) };
}

export interface ExpiredCredits {
  readonly lot: Lot;
  /** All that is left of it, or what came back to it after its date. */
  readonly amount: Credits;
  readonly bookedAt: Instant;
  readonly isKept: boolean;
}

/**
 * Books what becomes of credits past their date: frozen if they are to be kept, otherwise forfeited.
 * Answers the hold that has to be stored with the posting, or null. A credit that comes back to a lot
 * later is kept as long as its neighbours and no longer.
 */
export function decideFreezeAtExpiry(books: Journal, expired: ExpiredCredits): ExpiryHold | null {
  const { lot, amount, bookedAt, isKept } = expired;
  if (!isKept || !mayBeKept(lot, bookedAt)) {
    bookBreakage(books, { lot, amount, bookedAt });
    return null;
  }
  books.book({
    kind: "freeze",
    key: `expiry-freeze-${lot.id}-${books.account.version + 1}`,
    bookedAt,
    entries: [{ from: "customer", to: "holds", amount, lotId: lot.id }],
    reason: expiryHoldReasons.frozen,
  });
  return holdOf(lot, amount);
}

/** A lot has one hold: what comes back to it later joins what is there. */
export function joinHolds(before: ExpiryHold | null, more: ExpiryHold): ExpiryHold {
  return before === null ? more : { ...more, amount: add(before.amount, more.amount) };
}

export interface Revival {
  readonly holds: readonly ExpiryHold[];
  /** The payment that revives them, and the date it gives. */
  readonly paymentIntentId: string;
  readonly topUpId: TopUpId;
  readonly newExpiresAt: Instant;
}

/**
 * Part of settling a purchase, right behind its grant and extension: releases what is kept and gives
 * its lots the new date, in one posting. Answers the lots with their old and new dates for the
 * receipt. Holds whose time is over are left for `decideForfeit`.
 */
export function decideRevive(books: Journal, revival: Revival): readonly Extension[] {
  const { paymentIntentId, topUpId, newExpiresAt } = revival;
  const kept = revival.holds
    .filter((hold) => isKeptAt(hold, books.now))
    .toSorted((a, b) => (a.lotId < b.lotId ? -1 : 1));
  if (kept.length === 0) return [];
  const extensions = kept.map(({ lotId }) => {
    const { expiresAt: oldExpiresAt } = books.lot(lotId);
    return { lotId, oldExpiresAt, newExpiresAt };
  });
  books.book({
    kind: "release",
    key: `revival-${paymentIntentId}`,
    bookedAt: books.now,
    entries: kept.map(({ lotId, amount }) => ({
      from: "holds",
      to: "customer",
      amount,
      lotId,
    })),
    extensions,
    topUpId,
    reason: expiryHoldReasons.revived,
  });
  return extensions;
}

/** The holds whose time is over, in the order in which it ended. */
export function listToForfeit(holds: Iterable<ExpiryHold>, now: Instant): ExpiryHold[] {
  return [...holds]
    .filter((hold) => hold.forfeitAt <= now)
    .sort((a, b) => a.forfeitAt - b.forfeitAt || (a.lotId < b.lotId ? -1 : 1));
}

/** Books the breakage of kept credits nobody came back for, dated at the instant their time was over. */
export function decideForfeit(books: Journal, { lotId, amount, forfeitAt }: ExpiryHold): void {
  books.book({
    kind: "breakage",
    key: `kept-too-long-${lotId}-${books.account.version + 1}`,
    bookedAt: forfeitAt,
    entries: [
      { from: "holds", to: "customer", amount, lotId },
      { from: "customer", to: "breakage", amount, lotId },
    ],
    reason: expiryHoldReasons.forfeited,
  });
}

export function isKeptAt({ frozenAt, forfeitAt }: ExpiryHold, at: Instant): boolean {
  return frozenAt <= at && at < forfeitAt;
}

/** What a customer is told they can still save, and until when the first of it. Null when there is none. */
export function keptAt(
  holds: Iterable<ExpiryHold>,
  at: Instant,
): { readonly credits: Credits; readonly until: Instant } | null {
  const kept = [...holds].filter((hold) => isKeptAt(hold, at));
  const first = kept.sort((a, b) => a.forfeitAt - b.forfeitAt)[0];
  if (first === undefined) return null;
  return { credits: total(kept.map(({ amount }) => amount)), until: first.forfeitAt };
}
