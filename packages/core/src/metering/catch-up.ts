/**
 * Brings an account up to date: everything that came due until now, in the order of the instants it
 * was due at, each booked at its own instant. Every job, every sweep and every command runs this one
 * function first, so it does not matter who wakes up, how late, or how often.
 */

import type { ScanId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { bookBreakage, listExpired } from "../ledger/expiry.ts";
import type { Journal } from "../ledger/journal.ts";
import { settings } from "../settings.ts";
import { after, type Instant } from "../units.ts";
import { debitHour } from "./debit-hour.ts";
import { endScan } from "./end-scan.ts";
import { isOpen, lostAt, nextBoundary, openLimitAt, type Scan, waitingLimitAt } from "./scan.ts";
import { pausedAt } from "./transitions.ts";

/** Facts about the service itself: since when it can hear the runners without a break. */
export interface Service {
  readonly listeningSince: Instant;
}

type Due =
  | { readonly at: Instant; readonly what: "expiry" | "hour" | "end"; readonly run: () => void }
  | { readonly at: Instant; readonly what: "unproven" };

export function catchUp(books: Journal, service: Service): void {
  const dues = new Map<ScanId, Due>();
  const consider = (scan: Scan) => {
    const due = isOpen(scan) ? dueOfScan(books, scan, service) : null;
    if (due !== null && due.at <= books.now) dues.set(scan.id, due);
    else dues.delete(scan.id);
  };
  for (const scan of books.scans) consider(scan);

  // Each round books something or ends a scan, so the rounds are bounded by what is due.
  for (;;) {
    const [scanId, due] = firstOf(dues, expiryDue(books));
    // An hour that nobody can vouch for yet holds back what came later: it may still draw from a
    // lot that has expired meanwhile. It waits for a heartbeat or for the runner to be lost.
    if (due === null || due.what === "unproven") return;
    due.run();
    const scan = scanId === null ? undefined : books.scan(scanId);
    if (scan !== undefined) consider(scan);
  }
}

function firstOf(dues: Map<ScanId, Due>, expiry: Due | null): [ScanId | null, Due | null] {
  let first: [ScanId | null, Due | null] = [null, expiry];
  for (const [scanId, due] of dues) {
    if (first[1] === null || due.at < first[1].at) first = [scanId, due];
  }
  return first;
}

function expiryDue(books: Journal): Due | null {
  const lot = listExpired(books)[0];
  if (lot === undefined) return null;
  return { at: lot.expiresAt, what: "expiry", run: () => bookBreakage(books, lot) };
}

function dueOfScan(books: Journal, scan: Scan, service: Service): Due | null {
  const silenceEnds = lostAt(scan, service.listeningSince);
  const boundary = nextBoundary(scan);
  const candidates: Due[] = [
    end(books, scan, silenceEnds, "lost"),
    end(books, scan, openLimitAt(scan), "open_limit"),
  ];
  const waitingLimit = waitingLimitAt(scan);
  if (waitingLimit !== null) candidates.push(end(books, scan, waitingLimit, "waited_for_credits"));
  if (boundary !== null) {
    // Alive at the boundary, as far as could be known then: seen less than five minutes before it.
    const isProven = boundary < after(scan.lastSeenAt, settings.lostAfterMs);
    candidates.push(
      isProven
        ? { at: boundary, what: "hour", run: () => runHour(books, scan, boundary) }
        : { at: boundary, what: "unproven" },
    );
  }
  const first = candidates.reduce((a, b) => (b.at < a.at ? b : a));
  // Losing the runner settles an hour that waits for proof, even though that hour was due before.
  return first.what === "unproven" && silenceEnds <= books.now
    ? end(books, scan, silenceEnds, "lost")
    : first;
}

function runHour(books: Journal, scan: Scan, boundary: Instant): void {
  const mayOwe = books.account.whenOutOfCredits === "finish";
  if (debitHour(books, scan, { boundary, mayOwe }).ok) return;
  books.putScan(pausedAt(scan, "credits", boundary));
  books.book({
    kind: "scan_paused",
    key: `waiting-${scan.id}-${books.account.version + 1}`,
    bookedAt: boundary,
    scanId: scan.id,
    reason: "credits",
  });
}

function end(
  books: Journal,
  scan: Scan,
  at: Instant,
  reason: "lost" | "open_limit" | "waited_for_credits",
): Due {
  const run = () => {
    invariant(isOpen(scan), "an ended scan has nothing due");
    endScan(books, scan, {
      state: reason === "lost" ? "lost" : "stopped",
      by: "platform",
      reason,
      at,
      activeUntil: reason === "lost" ? scan.lastSeenAt : at,
    });
  };
  return { at, what: "end", run };
}
