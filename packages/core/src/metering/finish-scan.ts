import type { Journal } from "../ledger/journal.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { endScan } from "./end-scan.ts";
import { isOpen, type Scan } from "./scan.ts";
import { hear } from "./sign-of-life.ts";

export const scanOutcomes = ["completed", "failed", "stopped"] as const;
export type ScanOutcome = (typeof scanOutcomes)[number];

export const faults = ["platform", "target", "runner"] as const;
export type Fault = (typeof faults)[number];

const stateOf = { completed: "finished", failed: "failed", stopped: "stopped" } as const;

export interface FinishScan {
  readonly outcome: ScanOutcome;
  readonly fault: Fault | null;
  readonly by: "runner" | "user";
  /** The user who stopped it. */
  readonly askedBy?: string | null;
}

/**
 * Ends a scan as its runner or its user says. Saying the same again is answered with the scan as it
 * ended, because runners retry; saying something else about a scan that is over is refused.
 */
export function decideFinish(
  books: Journal,
  asRead: Scan,
  { outcome, fault, by, askedBy = null }: FinishScan,
): Outcome<Scan, Refusal> {
  const scan = by === "runner" ? hear(books, asRead) : asRead;
  const state = stateOf[outcome];
  if (!isOpen(scan)) {
    return scan.state === state
      ? accept(scan)
      : refuse({ code: "scan_already_ended", scanId: scan.id, state: scan.state });
  }
  const isOurFault = outcome === "failed" && fault === "platform";
  const reason =
    by === "user" ? "stopped_by_user" : fault === null ? outcome : `${outcome}_${fault}`;
  return accept(
    endScan(
      books,
      scan,
      { state, by, reason, at: books.now, activeUntil: books.now, askedBy },
      { isOurFault },
    ),
  );
}
