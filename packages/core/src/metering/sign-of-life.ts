import type { Journal } from "../ledger/journal.ts";
import { catchUp } from "./catch-up.ts";
import { isOpen, type Scan } from "./scan.ts";
import { seenAt } from "./transitions.ts";

/** Signs of life closer together than this are one: a runner that floods costs no writes. */
const RESOLUTION_MS = 1_000;

/**
 * Notes that a scan's runner spoke, whatever it said. That may be the proof an hour was waiting for,
 * so the account is brought up to date again: a runner that reports its end right after an outage
 * still pays for the hours of it. Answers with the scan as it stands then.
 */
export function hear(books: Journal, scan: Scan): Scan {
  if (!isOpen(scan) || books.now - scan.lastSeenAt < RESOLUTION_MS) return scan;
  books.putScan(seenAt(scan, books.now));
  // Who is lost was settled before this command. As if listening began now, so that what this
  // runner said brings news about nobody else.
  catchUp(books, { listeningSince: books.now });
  return books.scan(scan.id) ?? scan;
}
