import type { LotId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { type Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import { bookExpired } from "../ledger/kept-credits.ts";
import { byRoomOrder, isAliveAt, isExpiredAt, roomOf } from "../ledger/lot.ts";
import { reverseEntries } from "../ledger/reversal.ts";
import { type Instant, ONE_CREDIT } from "../units.ts";
import { type Scan, type ScanHour, startedHours } from "./scan.ts";
import { type End, ended, withoutLastHour } from "./transitions.ts";

/**
 * Ends a scan and settles what it may keep: the hours it really started, or none at all when the
 * platform was at fault (rule 11). Everything beyond goes back, the latest hour first.
 */
export function endScan(
  books: Journal,
  scan: Scan,
  end: End,
  { isOurFault }: { readonly isOurFault: boolean } = { isOurFault: false },
): Scan {
  let over = ended(scan, end);
  books.book({
    kind: "scan_ended",
    key: `ended-${scan.id}`,
    bookedAt: end.at,
    scanId: scan.id,
    reason: end.reason,
    askedBy: end.askedBy ?? null,
  });
  const owed = isOurFault ? 0 : hoursToKeep(over, end);
  while (over.hours.length > owed) over = returnLastHour(books, over, end);
  books.putScan(over);
  return over;
}

/**
 * The hours that were really started: by the metered time, and, if the runner was lost, before its
 * last sign of life. A user may have paused after that sign, so the metered time alone does not tell.
 */
function hoursToKeep(over: Scan, { activeUntil }: End): number {
  const begun = over.hours.filter(({ boundary }) => boundary < activeUntil).length;
  return Math.max(1, Math.min(begun, startedHours(over.activeMs)));
}

/**
 * Gives the last debited hour back to the lot that paid for it, with the lot's date. If that date
 * has passed meanwhile the credit is forfeited or kept like its neighbours were; if the hour was
 * never paid, the debt shrinks.
 */
function returnLastHour(books: Journal, scan: Scan, end: End): Scan {
  const hour = scan.hours.at(-1);
  invariant(hour !== undefined, "only a debited hour is returned");
  const lotId = takerOf(books, hour, end.at);
  books.book({
    kind: "return",
    key: `return-${scan.id}-${scan.hours.length}`,
    bookedAt: end.at,
    entries: reverseEntries([{ from: "customer", to: "usage", amount: ONE_CREDIT, lotId }]),
    scanId: scan.id,
    hour: scan.hours.length,
    reverses: hour.version,
  });
  const lot = lotId === null ? null : books.lot(lotId);
  if (lot !== null && isExpiredAt(lot, end.at)) {
    bookExpired(books, { lot, amount: ONE_CREDIT, bookedAt: end.at });
  }
  return withoutLastHour(scan);
}

/**
 * Who takes a returned hour: the lot that paid it. An hour that became debt lowers the debt while
 * there is some, never below zero; once a purchase has repaid it, the credit belongs to a paid lot
 * that gave credits away. Such a credit may have taken the room of another, which then goes the same
 * way. There is always room: each credit that can come back left a lot or became debt.
 */
function takerOf(books: Journal, { lotId }: ScanHour, at: Instant): LotId | null {
  if (lotId !== null && roomOf(books.lot(lotId)) > 0) return lotId;
  if (books.account.debt > 0) return null;
  const taker = [...books.lots]
    .filter((lot) => lot.kind === "paid" && roomOf(lot) > 0)
    .sort(byRoomOrder(at))[0];
  // A lot that was spent only just now stands beside others that were spent before and not read;
  // which of them takes the credit must not depend on that.
  const mayBeAnother = taker !== undefined && !isAliveAt(taker, at) && !books.areSpentLotsRead;
  if (taker === undefined || mayBeAnother) throw new SpentLotsNotRead();
  return taker.id;
}
