import type { AccountId, LotId, ScanId, TopUpId } from "../ids.ts";
import type { Credits, Instant } from "../units.ts";

/**
 * Where credits can be. Every entry moves an amount from one of these to another, so the books balance
 * by construction. What is in `holds` is frozen: it left the customer's reach, not its lot.
 */
export const ledgerAccounts = [
  "customer",
  "purchases",
  "grants",
  "usage",
  "breakage",
  "refunds",
  "adjustments",
  "holds",
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

export const postingKinds = [
  "grant",
  "debit",
  "return",
  "breakage",
  "extension",
  "adjustment",
  // Money went back or came back, and credits followed.
  "reversal",
  "freeze",
  "release",
  "scan_started",
  "scan_paused",
  "scan_resumed",
  "scan_ended",
] as const;
export type PostingKind = (typeof postingKinds)[number];

/**
 * A positive amount moved from one ledger account to another. On the customer's side it belongs to
 * a lot, or, when `lotId` is null, to the customer's debt. Both sides are the customer exactly when
 * a lot repays debt; the lot is then the paying side. To and from `holds` there is always a lot.
 */
export interface Entry {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amount: Credits;
  readonly lotId: LotId | null;
}

/**
 * Why credits go to `holds` or leave it when it is not for a dispute: they were to be renewed. These
 * words in a posting say that its entries move what a lot has kept.
 */
export const keptReasons = {
  frozen: "frozen_at_expiry",
  revived: "revived",
  forfeited: "kept_too_long",
} as const;

/** A lot's expiry moved later: nothing is earned or spent, yet it is booked. */
export interface Extension {
  readonly lotId: LotId;
  readonly oldExpiresAt: Instant;
  readonly newExpiresAt: Instant;
}

/**
 * One change of an account, booked at once and never altered. A correction is another posting whose
 * `reverses` names the version it undoes. What happens to a scan is a posting too, often without
 * entries, so that one number orders everything a customer can see.
 */
export interface Posting {
  readonly accountId: AccountId;
  readonly version: number;
  readonly kind: PostingKind;
  /** Unique everywhere, so a key that somebody outside chose carries the account. A second posting with it cannot exist. */
  readonly key: string;
  /** What the command with this key asked for, when somebody outside chose the key. */
  readonly fingerprint: string | null;
  /** When it counts. A late worker books an hour at its own boundary. */
  readonly bookedAt: Instant;
  /** When it was written down. */
  readonly recordedAt: Instant;
  readonly entries: readonly Entry[];
  readonly extensions: readonly Extension[];
  readonly scanId: ScanId | null;
  readonly hour: number | null;
  /** The purchase it belongs to. */
  readonly topUpId: TopUpId | null;
  /** The user who asked for it; null when a runner, the clock or an operator was the reason. */
  readonly askedBy: string | null;
  readonly reverses: number | null;
  /** A word on why, such as the source of a grant or the reason of a pause. */
  readonly reason: string | null;
  readonly balanceAfter: Credits;
  readonly debtAfter: Credits;
}
