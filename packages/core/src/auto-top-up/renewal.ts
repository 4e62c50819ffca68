/**
 * When paid credits would expire next, and when the purchase that moves their date is due: three days
 * before, at the same time of day in the account's time zone (rule 23). The instant is stored, a year
 * ahead if need be, with the date it was worked out from; whoever wakes up compares the two.
 */
import type { Journal } from "../ledger/journal.ts";
import { isSpendableAt, type Lot } from "../ledger/lot.ts";
import type { Instant } from "../units.ts";
import type { AutoTopUpSettings } from "./configuration.ts";
import type { Renewal } from "./facts.ts";
import { autoTopUpPolicy } from "./policy.ts";
import { daysBefore } from "./wall-clock.ts";

/** Of lots with the same date the smallest id, so that the same facts always give the same key. */
export function renewalOf(lots: Iterable<Lot>, at: Instant): Renewal | null {
  let first: Lot | null = null;
  for (const lot of lots) {
    if (lot.kind !== "paid" || !isSpendableAt(lot, at)) continue;
    const isSooner =
      first === null ||
      lot.expiresAt < first.expiresAt ||
      (lot.expiresAt === first.expiresAt && lot.id < first.id);
    if (isSooner) first = lot;
  }
  return first === null ? null : { lotId: first.id, expiresAt: first.expiresAt };
}

export function renewalDueAt({ expiresAt }: Pick<Renewal, "expiresAt">, timeZone: string): Instant {
  return daysBefore(expiresAt, autoTopUpPolicy.renewalDaysBefore, timeZone);
}

/** What the account's row says of its next renewal. */
export interface ArmedRenewal {
  readonly expiresAt: Instant;
  readonly dueAt: Instant;
}

export type RenewalLook =
  /** It is not wanted any more; the row is cleared. */
  | { readonly is: "off" }
  /** No paid credits are left: nothing is bought, the history says so once, and the row is cleared. */
  | { readonly is: "nothing_left" }
  /** The credits that are left have another date; the row is armed for it. */
  | { readonly is: "moved"; readonly to: ArmedRenewal }
  | { readonly is: "early" }
  /** It is time: whether it can be bought is decided as for any other purchase. */
  | { readonly is: "due" };

/** What a renewal should be armed for; null when none is. Asked after every save, grant and expiry. */
export function armRenewal(facts: {
  readonly settings: AutoTopUpSettings;
  readonly lots: Iterable<Lot>;
  readonly timeZone: string;
  readonly now: Instant;
}): ArmedRenewal | null {
  const { settings, lots, timeZone, now } = facts;
  if (!settings.enabled || !settings.triggers.beforeExpiry) return null;
  const renewal = renewalOf(lots, now);
  if (renewal === null) return null;
  return { expiresAt: renewal.expiresAt, dueAt: renewalDueAt(renewal, timeZone) };
}

/** What a wake-up for a renewal finds, however late, stale or doubled it is. */
export function lookAtRenewal(
  armed: ArmedRenewal,
  facts: Parameters<typeof armRenewal>[0],
): RenewalLook {
  const { settings, now } = facts;
  if (!settings.enabled || !settings.triggers.beforeExpiry) return { is: "off" };
  const next = armRenewal(facts);
  if (next === null) return { is: now < armed.dueAt ? "early" : "nothing_left" };
  if (next.expiresAt !== armed.expiresAt || next.dueAt !== armed.dueAt) {
    return { is: "moved", to: next };
  }
  return { is: now < armed.dueAt ? "early" : "due" };
}

/**
 * Tells the history that nothing was bought because no paid credits were left to extend. The renewal
 * is disarmed in the same commit, so it is told once; a returned hour may arm the same date again.
 */
export function bookNothingToRenew(books: Journal, { expiresAt }: ArmedRenewal): void {
  const { id, version } = books.account;
  books.book({
    kind: "extension",
    key: `nothing-to-renew-${id}-${expiresAt}-${version + 1}`,
    bookedAt: books.now,
    reason: "nothing_to_renew",
  });
}
