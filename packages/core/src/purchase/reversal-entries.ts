import type { Entry } from "../ledger/posting.ts";
import { type Move, sidesOf } from "./reversal-desk.ts";

/** Frozen credits still belong to their lot: what is frozen of it is what went to `holds` and not back. */
export function reversalEntries(moves: readonly Move[]): Entry[] {
  return moves.map(({ kind, amount, lotId }) => ({ ...sidesOf[kind], amount, lotId }));
}

/** The key of the n-th posting about what became of a payment; the database lets it exist once. */
export function reversalKey(paymentIntentId: string, number: number): string {
  return `reversal-${paymentIntentId}-${number}`;
}
