/**
 * What an account is told, once per episode: the key names the episode, so telling it again is the
 * same notice. A notice keeps figures, instants and ids; its words are made of them when somebody
 * reads it, the same for the page and for mail.
 */
import type { AutomaticTrigger, WaitReason } from "../auto-top-up/decide.ts";
import type { SuspensionReason } from "../auto-top-up/suspension.ts";
import type { AccountId, ScanId, TopUpId } from "../ids.ts";
import type { LotKind } from "../ledger/lot.ts";
import type { Currency, Minor } from "../pricing/money.ts";
import type { Credits, Instant } from "../units.ts";

export interface NoticeData {
  readonly low_balance: { readonly available: Credits; readonly isBuying: boolean };
  readonly depleted: { readonly isBuying: boolean };
  readonly recovered: { readonly available: Credits };

  readonly expiring: {
    readonly kind: LotKind;
    readonly credits: Credits;
    readonly expiresAt: Instant;
    /** No more days than this are left, counted in the account's time zone. */
    readonly days: number;
    /** Null when nobody asked for it, or it is about another date. */
    readonly renewal: PlannedRenewal | null;
  };
  readonly kept: {
    readonly credits: Credits;
    readonly expiredAt: Instant;
    readonly until: Instant;
  };
  readonly written_off: { readonly credits: Credits; readonly writtenOffAt: Instant };

  readonly upcoming_top_up: Price & {
    readonly dueAt: Instant;
    readonly days: number;
    /** The date it moves. */
    readonly expiresAt: Instant;
    readonly hindrance: WaitReason | null;
  };
  readonly top_up_done: Purchase & {
    readonly paidAt: Instant;
    readonly newExpiresAt: Instant;
    /** How many of the credits went to hours that were owed. */
    readonly debtRepaid: Credits;
    readonly lots: readonly MovedLot[];
  };
  readonly top_up_declined: Purchase & {
    readonly failure: Failure | null;
    readonly nextTryAt: Instant;
  };
  readonly top_up_failed: Purchase & {
    readonly failure: Failure | null;
    /** The date it was to move, if it was about one. */
    readonly expiresAt: Instant | null;
    /** What this did to automatic top-ups; null when they go on. */
    readonly suspended: SuspensionReason | null;
  };
  readonly top_up_needs_authentication: Purchase & { readonly until: Instant };
  readonly auto_top_up_suspended: { readonly reason: SuspensionReason };

  readonly limit_reached: Limit;
  readonly limit_at_80: Limit;
  readonly waiting_for_card: {
    /** What a purchase is wanted for; null when none is yet, and the card is gone. */
    readonly trigger: AutomaticTrigger | null;
  };
  readonly consent_needed: Price;
  readonly settings_changed: {
    /** The member's name; null when it is not known. */
    readonly by: string | null;
    readonly enabled: boolean;
    /** What was agreed to, when that is new. */
    readonly sentence: string | null;
  };
  readonly card_expiring: {
    readonly brand: string;
    readonly last4: string;
    /** Its last instant is before this one. */
    readonly validUntil: Instant;
    /** Automatic top-ups charge it. */
    readonly isCharged: boolean;
  };

  readonly scan_paused: StoppedScans & {
    /** When they give up waiting. */
    readonly until: Instant;
  };
  readonly scan_resumed: StoppedScans;
  readonly scan_stopped: StoppedScans;
}

export interface Price {
  readonly quantity: Credits;
  readonly totalMinor: Minor;
  readonly currency: Currency;
}

export interface Purchase extends Price {
  readonly topUpId: TopUpId;
  readonly trigger: AutomaticTrigger;
}

/** As the bank said it. Customers are told what to do, never these words. */
export interface Failure {
  readonly code: string;
  readonly declineCode: string | null;
}

export interface MovedLot {
  readonly credits: Credits;
  /** Null for the lot that was bought. */
  readonly oldExpiresAt: Instant | null;
  readonly newExpiresAt: Instant;
}

export interface PlannedRenewal {
  readonly dueAt: Instant;
  /** Its instant has passed and the date was not moved. */
  readonly isLate: boolean;
  /** What is in the way, as long as the customer has to do something about it. */
  readonly hindrance: WaitReason | null;
}

export interface Limit {
  readonly limitMinor: Minor;
  /** What was bought automatically in the calendar month, and what is under way. */
  readonly spentMinor: Minor;
  readonly currency: Currency;
  /** The first instant of the next month. */
  readonly until: Instant;
}

/** The first of the scans that this happened to, and how many there were. */
export interface StoppedScans {
  readonly scanId: ScanId;
  readonly label: string | null;
  readonly count: number;
}

export type NoticeKind = keyof NoticeData;

/** What its words are made of. */
export type Told = {
  readonly [Kind in NoticeKind]: { readonly kind: Kind; readonly data: NoticeData[Kind] };
}[NoticeKind];

export type Notice = Told & {
  readonly key: string;
  readonly accountId: AccountId;
  readonly at: Instant;
};

/** A key, and what is told under it. */
export type Due = readonly [key: string, told: Told];
