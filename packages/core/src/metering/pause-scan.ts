import type { Journal } from "../ledger/journal.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { debitHour } from "./debit-hour.ts";
import { isOpen, nextBoundary, type Scan } from "./scan.ts";
import { hear } from "./sign-of-life.ts";
import { pausedAt, resumedAt } from "./transitions.ts";

export type PausedBy = "user" | "runner";

/** Who of the account's people it was, where it was one. */
export interface AskedBy {
  readonly askedBy?: string | null;
}

/** Stops the meter. A pause for credits that the user takes over no longer ends by itself. */
export function decidePause(
  books: Journal,
  asRead: Scan,
  by: PausedBy,
  { askedBy = null }: AskedBy = {},
): Outcome<Scan, Refusal> {
  const scan = by === "runner" ? hear(books, asRead) : asRead;
  if (!isOpen(scan)) {
    return refuse({ code: "scan_already_ended", scanId: scan.id, state: scan.state });
  }
  const isTakenOver = by === "user" && scan.pausedFor !== "user";
  if (scan.state === "paused" && !isTakenOver) return accept(scan);
  books.book({
    kind: "scan_paused",
    key: `paused-${scan.id}-${books.account.version + 1}`,
    bookedAt: books.now,
    scanId: scan.id,
    reason: by,
    askedBy,
  });
  return put(books, pausedAt(scan, by, books.now));
}

/**
 * Starts the meter again. If the pause began exactly where an hour ended, the next hour starts now
 * and needs its credit first. A runner does not lift a pause its user asked for.
 */
export function decideResume(
  books: Journal,
  asRead: Scan,
  by: PausedBy | "credits",
  asked: AskedBy = {},
): Outcome<Scan, Refusal> {
  const scan = by === "runner" ? hear(books, asRead) : asRead;
  if (!isOpen(scan)) {
    return refuse({ code: "scan_already_ended", scanId: scan.id, state: scan.state });
  }
  if (scan.state === "running") return accept(scan);
  if (by === "runner" && scan.pausedFor === "user") {
    return refuse({ code: "scan_paused_by_user", scanId: scan.id });
  }
  const resumed = resumedAt(scan, books.now);
  const boundary = nextBoundary(resumed);
  if (boundary !== null && boundary <= books.now) {
    const mayOwe = books.account.whenOutOfCredits === "finish";
    const debited = debitHour(books, resumed, { boundary: books.now, mayOwe });
    if (!debited.ok) return debited;
    bookResumed(books, scan, by, asked);
    return debited;
  }
  bookResumed(books, scan, by, asked);
  return put(books, resumed);
}

function bookResumed(
  books: Journal,
  scan: Scan,
  by: PausedBy | "credits",
  { askedBy = null }: AskedBy,
): void {
  books.book({
    kind: "scan_resumed",
    key: `resumed-${scan.id}-${books.account.version + 1}`,
    bookedAt: books.now,
    scanId: scan.id,
    reason: by,
    askedBy,
  });
}

function put(books: Journal, scan: Scan): Outcome<Scan, never> {
  books.putScan(scan);
  return accept(scan);
}
