import type { AccountId } from "../ids.ts";
import type { Credits } from "../units.ts";

/**
 * Who owns credits, as far as the ledger cares. `version` rises by one with every posting and has
 * no gaps: it orders the history, guards every write and orders the live feed.
 */
export interface Account {
  readonly id: AccountId;
  readonly version: number;
  /** What all lots together still hold, expired or not, as long as it is not written off. */
  readonly balance: Credits;
  /** Hours of admitted scans nobody could pay yet; the next purchase repays them first. */
  readonly debt: Credits;
  /** What becomes of a running scan whose next hour finds no credit. */
  readonly whenOutOfCredits: WhenOutOfCredits;
  /** Rises with every grant: running out of credits is one episode until the next one. */
  readonly creditEpoch: number;
  /** The balance at which the customer is told that it is low. */
  readonly lowBalance: Credits;
  /** The balance at which credits are bought automatically; null when that is not asked for. */
  readonly topUpAt: Credits | null;
  /** Renewal is asked for, so paid credits that could not be renewed are kept for a while. */
  readonly keepsExpired: boolean;
}

export type WhenOutOfCredits = "pause" | "finish";
