import type { LotId, TopUpId } from "../ids.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { type Credits, type Instant, isoOf, NO_CREDITS, smaller } from "../units.ts";
import type { Journal } from "./journal.ts";
import type { LotKind } from "./lot.ts";
import type { Entry, Posting } from "./posting.ts";

export interface Grant {
  readonly lotId: LotId;
  readonly credits: Credits;
  readonly kind: LotKind;
  readonly source: string;
  readonly expiresAt: Instant;
  readonly key: string;
  readonly fingerprint: string;
  readonly topUpId?: TopUpId;
  readonly askedBy?: string | null;
  /** Where free credits come from when nobody means to give any. */
  readonly from?: "adjustments";
  /** When the source does not say why. */
  readonly reason?: string;
}

/**
 * Creates a lot. Paid credits come from purchases and repay the account's debt first (rule 10);
 * free ones come from grants and leave the debt alone.
 */
export function decideGrant(books: Journal, grant: Grant): Outcome<Posting, Refusal> {
  const { lotId, credits, kind } = grant;
  if (grant.expiresAt <= books.now) {
    return refuse({ code: "invalid_expiry", expiresAt: isoOf(grant.expiresAt) });
  }
  const repaid = kind === "paid" ? smaller(credits, books.account.debt) : NO_CREDITS;
  const from = grant.from ?? (kind === "paid" ? "purchases" : "grants");
  const entries: Entry[] = [{ from, to: "customer", amount: credits, lotId }];
  if (repaid > 0) entries.push({ from: "customer", to: "customer", amount: repaid, lotId });

  books.addLot({
    id: lotId,
    kind,
    source: grant.source,
    granted: credits,
    remaining: NO_CREDITS,
    frozen: NO_CREDITS,
    kept: NO_CREDITS,
    effectiveAt: books.now,
    expiresAt: grant.expiresAt,
  });
  return accept(
    books.book({
      kind: "grant",
      key: grant.key,
      fingerprint: grant.fingerprint,
      bookedAt: books.now,
      entries,
      topUpId: grant.topUpId ?? null,
      askedBy: grant.askedBy ?? null,
      reason: grant.reason ?? grant.source,
    }),
  );
}
