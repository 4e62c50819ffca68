/**
 * Brings an account up to date: everything that came due until now, in the order of the instants it
 * was due at, each booked at its own instant. Every job, every sweep and every command runs this one
 * function first, so it does not matter who wakes up, how late, or how often.
 */

import type { ScanId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { listExpired } from "../ledger/expiry.ts";
import type { Journal } from "../ledger/journal.ts";
import {
  bookExpired,
  bookKeptTooLong,
  forfeitAtOf,
  listKeptTooLong,
} from "../ledger/kept-credits.ts";
import { settings } from "../settings.ts";
import { after, earliest, type Instant } from "../units.ts";
import { debitHour } from "./debit-hour.ts";
import { endScan } from "./end-scan.ts";
import { isOpen, lostAt, nextBoundary, openLimitAt, type Scan, waitingLimitAt } from "./scan.ts";
import { pausedAt } from "./transitions.ts";

/** Facts about the service itself: since when it can hear the runners without a break. */
export interface Service {
  readonly listeningSince: Instant;
}

interface Due {
  readonly at: Instant;
  readonly what: "expiry" | "kept_too_long" | "hour" | "limit" | "loss";
  readonly scanId: ScanId | null;
  readonly run: () => void;
}

/** An hour that came due while nobody can vouch that the runner was alive. */
interface UnprovenHour {
  readonly at: Instant;
  readonly what: "unproven";
}

export function catchUp(books: Journal, service: Service): void {
  const dues = new Map<ScanId, Due>();
  const unproven = new Map<ScanId, Instant>();
  const consider = (scan: Scan) => {
    dues.delete(scan.id);
    unproven.delete(scan.id);
    const due = isOpen(scan) ? dueOfScan(books, scan, service) : null;
    if (due === null || due.at > books.now) return;
    if (due.what === "unproven") unproven.set(scan.id, due.at);
    else dues.set(scan.id, due);
  };
  for (const scan of books.scans) consider(scan);

  // Each round books something or ends a scan, so the rounds are bounded by what is due.
  for (;;) {
    const expiry = expiryDue(books, earliest([...unproven.values()]));
    const due = firstOf([expiry, keptTooLongDue(books), ...dues.values()]);
    if (due === null) return;
    due.run();
    const scan = due.scanId === null ? undefined : books.scan(due.scanId);
    if (scan !== undefined) consider(scan);
  }
}

function firstOf(dues: Iterable<Due | null>): Due | null {
  let first: Due | null = null;
  for (const due of dues) {
    if (due !== null && (first === null || byOrderOfDues(due, first) < 0)) first = due;
  }
  return first;
}

// A lot stops paying at its instant, so it goes before an hour of that instant. Silence is noticed
// by a sweep, hours by their own wake-up, so what a lost runner gives back comes last.
const rank = { expiry: 0, kept_too_long: 1, hour: 2, limit: 2, loss: 3 } as const;

/** Down to the id, so that the order in which scans were read never decides who gets a last credit. */
function byOrderOfDues(a: Due, b: Due): number {
  return (
    a.at - b.at || rank[a.what] - rank[b.what] || ((a.scanId ?? "") < (b.scanId ?? "") ? -1 : 1)
  );
}

/**
 * The next lot whose remainder is gone or kept. An hour that waits for proof holds back the later
 * ones, because it may still draw from them. The balance does not wait: it is true by the clock.
 */
function expiryDue(books: Journal, heldBackAfter: Instant | null): Due | null {
  const lot = listExpired(books)[0];
  if (lot === undefined) return null;
  if (heldBackAfter !== null && lot.expiresAt > heldBackAfter) return null;
  const run = () => bookExpired(books, { lot, amount: lot.remaining, bookedAt: lot.expiresAt });
  return { at: lot.expiresAt, what: "expiry", scanId: null, run };
}

/** The next kept credits whose time is over. No hour draws from those. */
function keptTooLongDue(books: Journal): Due | null {
  const lot = listKeptTooLong(books)[0];
  if (lot === undefined) return null;
  const run = () => bookKeptTooLong(books, lot);
  return { at: forfeitAtOf(lot), what: "kept_too_long", scanId: null, run };
}

/** What a scan owes first, due or not yet. */
function dueOfScan(books: Journal, scan: Scan, service: Service): Due | UnprovenHour {
  const silenceEnds = lostAt(scan, service.listeningSince);
  const boundary = nextBoundary(scan);
  const candidates: (Due | UnprovenHour)[] = [
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
        ? {
            at: boundary,
            what: "hour",
            scanId: scan.id,
            run: () => runHour(books, scan, boundary),
          }
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
  return { at, what: reason === "lost" ? "loss" : "limit", scanId: scan.id, run };
}
