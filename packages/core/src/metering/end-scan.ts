import { invariant } from "../invariant.ts";
import { bookBreakage } from "../ledger/expiry.ts";
import { type Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import { isExpiredAt } from "../ledger/lot.ts";
import { reverseEntries } from "../ledger/reversal.ts";
import { ONE_CREDIT } from "../units.ts";
import { type Scan, startedHours } from "./scan.ts";
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
  });
  const owed = isOurFault ? 0 : startedHours(over.activeMs);
  while (over.hours.length > owed) over = returnLastHour(books, over, end);
  books.putScan(over);
  return over;
}

/**
 * Gives the last debited hour back to the lot that paid for it, with the lot's date. If that date
 * has passed meanwhile the credit is forfeited like its neighbours were; if the hour was never
 * paid, the debt shrinks.
 */
function returnLastHour(books: Journal, scan: Scan, end: End): Scan {
  const hour = scan.hours.at(-1);
  invariant(hour !== undefined, "only a debited hour is returned");
  const lotId = hour.lotId ?? debtPayer(books);
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
  if (lot !== null && isExpiredAt(lot, end.at)) bookBreakage(books, lot, end.at);
  return withoutLastHour(scan);
}

/**
 * An hour that became debt goes back to the debt while there is some. Once a purchase has repaid
 * it, the credit belongs to a paid lot that gave credits away; the debt is never driven below zero.
 */
function debtPayer(books: Journal) {
  if (books.account.debt > 0) return null;
  const payer = [...books.lots]
    .filter((lot) => lot.kind === "paid" && lot.remaining < lot.granted)
    .sort((a, b) => b.expiresAt - a.expiresAt)[0];
  if (payer === undefined) throw new SpentLotsNotRead();
  return payer.id;
}
