import type { LotId } from "../ids.ts";
import type { LedgerAccount } from "../ledger/posting.ts";
import type { Credits } from "../units.ts";
import type { Move } from "./reversal-desk.ts";

/**
 * An entry of a reversal's posting. Frozen credits are on a ledger account of their own, `holds`, and
 * still belong to their lot: what is frozen of a lot is what its entries moved to `holds` and not back.
 */
export interface ReversalEntry {
  readonly from: LedgerAccount | "holds";
  readonly to: LedgerAccount | "holds";
  readonly amount: Credits;
  readonly lotId: LotId | null;
}

const sidesOf = {
  release: { from: "holds", to: "customer" },
  take: { from: "customer", to: "refunds" },
  give_back: { from: "refunds", to: "customer" },
  freeze: { from: "customer", to: "holds" },
} as const;

export function reversalEntries(moves: readonly Move[]): ReversalEntry[] {
  return moves.map(({ kind, amount, lotId }) => ({ ...sidesOf[kind], amount, lotId }));
}

/** The key of the n-th posting about what became of a payment; the database lets it exist once. */
export function reversalKey(paymentIntentId: string, number: number): string {
  return `reversal-${paymentIntentId}-${number}`;
}
