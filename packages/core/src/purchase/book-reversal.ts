import type { LotId, TopUpId } from "../ids.ts";
import { type Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import { bookExpired } from "../ledger/kept-credits.ts";
import { isExpiredAt } from "../ledger/lot.ts";
import type { Entry, PostingKind } from "../ledger/posting.ts";
import { credits } from "../units.ts";
import type { Move } from "./reversal-desk.ts";
import { reversalEntries, reversalKey } from "./reversal-entries.ts";
import { planReversal, type Reversed } from "./reversal-plan.ts";
import type { PurchaseMoney } from "./reversal-target.ts";

export interface ReversalRequest {
  readonly topUpId: TopUpId;
  readonly paymentIntentId: string;
  /** All that became of the payment's money. */
  readonly purchase: PurchaseMoney;
  /** What was done about it so far. */
  readonly reversed: Reversed;
}

/**
 * Makes the credits of a purchase agree with its money, in one posting, and answers what has now been
 * done about it; that has to be stored with the posting. Nothing is booked when nothing has to move.
 */
export function bookReversal(books: Journal, request: ReversalRequest): Reversed {
  const { topUpId, paymentIntentId, purchase } = request;
  const { moves, reversed } = planReversal({
    purchase,
    reversed: request.reversed,
    lots: books.lots,
    debt: books.account.debt,
    at: books.now,
  });
  if (moves.length === 0) return reversed;
  // Which lot takes what comes back must not depend on which were read.
  if (!books.areSpentLotsRead) throw new SpentLotsNotRead();

  const entries = reversalEntries(moves);
  books.book({
    kind: kindOf(moves),
    key: reversalKey(paymentIntentId, reversed.postings),
    bookedAt: books.now,
    entries,
    topUpId,
  });
  bookWhatCameTooLate(books, entries);
  return reversed;
}

function kindOf(moves: readonly Move[]): PostingKind {
  if (moves.some(({ kind }) => kind === "take" || kind === "give_back")) return "reversal";
  return moves.some(({ kind }) => kind === "freeze") ? "freeze" : "release";
}

/** Credits that come back to a lot after its date go the way of their neighbours, like a returned hour. */
function bookWhatCameTooLate(books: Journal, entries: readonly Entry[]): void {
  const cameBack = new Map<LotId, number>();
  for (const { lotId, to, amount } of entries) {
    if (lotId === null) continue;
    cameBack.set(lotId, (cameBack.get(lotId) ?? 0) + (to === "customer" ? amount : -amount));
  }
  for (const [lotId, amount] of cameBack) {
    const lot = books.lot(lotId);
    if (amount <= 0 || !isExpiredAt(lot, books.now)) continue;
    bookExpired(books, { lot, amount: credits(amount), bookedAt: books.now });
  }
}
