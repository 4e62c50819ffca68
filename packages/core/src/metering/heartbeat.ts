import type { Journal } from "../ledger/journal.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { isOpen, type Scan } from "./scan.ts";
import { hear } from "./sign-of-life.ts";

/**
 * Notes a sign of life. A scan somebody else ended answers as it is, so that the runner learns to
 * stop; one the runner ended itself refuses.
 */
export function decideHeartbeat(books: Journal, scan: Scan): Outcome<Scan, Refusal> {
  if (!isOpen(scan) && scan.endedBy === "runner") {
    return refuse({ code: "scan_already_ended", scanId: scan.id, state: scan.state });
  }
  return accept(hear(books, scan));
}
