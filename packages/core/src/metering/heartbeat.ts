import type { Journal } from "../ledger/journal.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { catchUp, type Service } from "./catch-up.ts";
import { isOpen, type Scan } from "./scan.ts";
import { seenAt } from "./transitions.ts";

/** Signs of life closer together than this are one: a runner that floods costs no writes. */
const HEARTBEAT_RESOLUTION_MS = 1_000;

/**
 * Notes a sign of life. It may be the proof that an hour was waiting for, so the account is brought
 * up to date again with it. A scan somebody else ended answers as it is, so that the runner learns
 * to stop; one the runner ended itself refuses.
 */
export function decideHeartbeat(
  books: Journal,
  scan: Scan,
  service: Service,
): Outcome<Scan, Refusal> {
  if (!isOpen(scan)) {
    return scan.endedBy === "runner"
      ? refuse({ code: "scan_already_ended", scanId: scan.id, state: scan.state })
      : accept(scan);
  }
  if (books.now - scan.lastSeenAt < HEARTBEAT_RESOLUTION_MS) return accept(scan);
  books.putScan(seenAt(scan, books.now));
  catchUp(books, service);
  return accept(books.scan(scan.id) ?? scan);
}
