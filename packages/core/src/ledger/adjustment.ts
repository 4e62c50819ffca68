/**
 * What an operator puts right by hand. Credits that are added are a grant like any other, because they
 * come as a lot and end a time of having none; only that they come from `adjustments` tells them
 * apart. They are free ones: nobody paid for them, so they neither repay debt nor are refunded. Credits
 * that are taken come out of lots in the order of any draw, whole or not at all, and never become debt.
 */
import type { LotId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { credits, type Instant } from "../units.ts";
import { drawFromLots } from "./draw.ts";
import { decideGrant } from "./grant.ts";
import type { Journal } from "./journal.ts";
import type { Posting } from "./posting.ts";

export interface Adjustment {
  /** Signed: negative takes credits away. */
  readonly credits: number;
  /** Told to the customer. */
  readonly reason: string;
  readonly key: string;
  readonly fingerprint: string;
  /** The lot that holds what is added, and its date. */
  readonly lotId: LotId;
  readonly expiresAt: Instant;
}

export function decideAdjustment(
  books: Journal,
  { credits: amount, reason, key, fingerprint, lotId, expiresAt }: Adjustment,
): Outcome<Posting, Refusal> {
  invariant(amount !== 0, "an adjustment moves something");
  if (amount > 0) {
    const lot = { lotId, credits: credits(amount), kind: "free", expiresAt } as const;
    const from = "adjustments";
    return decideGrant(books, { ...lot, source: "adjustment", from, reason, key, fingerprint });
  }
  const drawn = drawFromLots(books.lots, credits(-amount), books.now);
  if (!drawn.ok) return drawn;
  const entries = drawn.value.map(
    (draw) => ({ from: "customer", to: "adjustments", ...draw }) as const,
  );
  return accept(
    books.book({ kind: "adjustment", key, fingerprint, bookedAt: books.now, entries, reason }),
  );
}
