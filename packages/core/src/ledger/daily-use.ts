/**
 * An account day by day: what was used, what came, what expired, and what was left in the evening. The
 * evenings are counted back from what is available now, so the last one is what every page shows,
 * and a lot past its date counts as gone whether or not that is booked yet.
 */
import type { Instant } from "../units.ts";
import { availableAt, isExpiredAt, type Lot } from "./lot.ts";
import { type Entry, keptReasons, type PostingKind } from "./posting.ts";

/** Entries of one kind, added up over a time that lies within one day. */
export interface Movement extends Pick<Entry, "from" | "to"> {
  readonly at: Instant;
  readonly kind: PostingKind;
  /** Only where it says that the entries are about kept credits. */
  readonly reason: string | null;
  /** It belongs to no lot. */
  readonly isDebt: boolean;
  readonly amount: number;
}

/** What was there in the evening is what was there before, less used and expired, plus the rest. */
export interface DailyUse {
  /** Hours of scanning, owed ones too, less those that were returned that day. */
  readonly used: number;
  /** Bought, given or brought back from what was kept. */
  readonly added: number;
  /** Past their date: gone, or kept for the next purchase. */
  readonly expired: number;
  /** Signed: refunds, disputes, corrections, and debt that was made or repaid. */
  readonly other: number;
  readonly balanceAtEnd: number;
}

export interface DailyUseFacts {
  /** When each day begins, in their order; the last one is still going on. */
  readonly starts: readonly Instant[];
  readonly movements: Iterable<Movement>;
  readonly lots: readonly Lot[];
  readonly now: Instant;
}

export interface DailyUses {
  /** When the first day began. */
  readonly balanceAtStart: number;
  readonly days: readonly DailyUse[];
}

type Sums = Record<"used" | "added" | "expired" | "change", number>;

export function dailyUses({ starts, movements, lots, now }: DailyUseFacts): DailyUses {
  const sums = starts.map((): Sums => ({ used: 0, added: 0, expired: 0, change: 0 }));
  const count = (at: Instant, what: keyof Sums, amount: number) => {
    const day = sums[starts.findLastIndex((start) => start <= at)];
    if (day !== undefined) day[what] += amount;
  };
  for (const movement of movements) {
    const { at, amount } = movement;
    count(at, "change", changeOf(movement));
    const column = columnOf(movement);
    if (column !== null) count(at, column, movement.kind === "return" ? -amount : amount);
  }
  // What is past its date and not booked yet is as gone as the rest.
  for (const { remaining, expiresAt } of lots.filter((lot) => isExpiredAt(lot, now))) {
    count(expiresAt, "expired", remaining);
    count(expiresAt, "change", -remaining);
  }
  let balance: number = availableAt(lots, now);
  const days: DailyUse[] = [];
  for (const { used, added, expired, change } of sums.toReversed()) {
    const other = change - (added - used - expired);
    days.push({ used, added, expired, other, balanceAtEnd: balance });
    balance -= change;
  }
  return { balanceAtStart: balance, days: days.reverse() };
}

function changeOf({ from, isDebt, amount }: Movement): number {
  if (isDebt) return 0;
  return from === "customer" ? -amount : amount;
}

function columnOf({ kind, reason, from, to }: Movement): keyof Sums | null {
  switch (kind) {
    case "debit":
    case "return":
      return "used";
    case "grant":
      // What repays debt was added as well, and is taken off again.
      return from === "customer" ? null : "added";
    case "release":
      return reason === keptReasons.revived ? "added" : null;
    case "freeze":
      return reason === keptReasons.frozen ? "expired" : null;
    case "breakage":
      // Kept credits that are gone for good left the balance when they were kept.
      return to === "breakage" && reason !== keptReasons.forfeited ? "expired" : null;
    default:
      return null;
  }
}
