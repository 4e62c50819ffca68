import type { RunnerKeyId, ScanId, TargetId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import type { Journal } from "../ledger/journal.ts";
import { availableAt } from "../ledger/lot.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { ONE_CREDIT } from "../units.ts";
import { debitHour } from "./debit-hour.ts";
import { nextDueAt, type Scan, type ScanMode } from "./scan.ts";

/** What can be scanned, as far as metering cares. */
export interface ScannableTarget {
  readonly id: TargetId;
  readonly mode: ScanMode;
  readonly isArchived: boolean;
}

export interface StartScan {
  readonly scanId: ScanId;
  readonly targetId: string;
  readonly target: ScannableTarget | null;
  readonly runnerKeyId: RunnerKeyId | null;
  readonly label: string | null;
  readonly startKey: string;
  readonly fingerprint: string;
  /** The scan that was started with the same key, if there is one. */
  readonly earlier: Scan | null;
}

/**
 * Starts a scan and debits its first hour in one go. It needs one credit, not five, beyond what the
 * account owes. The same key again answers with the scan it started, as it stands now.
 */
export function decideStartScan(books: Journal, command: StartScan): Outcome<Scan, Refusal> {
  const { earlier, target } = command;
  if (earlier !== null) {
    return earlier.startFingerprint === command.fingerprint
      ? accept(earlier)
      : refuse({ code: "idempotency_key_reused", key: command.startKey });
  }
  if (target === null || target.isArchived) {
    return refuse({ code: "target_not_found", targetId: command.targetId });
  }
  const available = availableAt(books.lots, books.now) - books.account.debt;
  if (target.mode === "credits" && available < ONE_CREDIT) {
    return refuse({ code: "insufficient_credits", required: ONE_CREDIT, available });
  }

  const scan = newScan(books, command, target);
  books.putScan(scan);
  if (scan.mode === "unlimited") {
    books.book({
      kind: "scan_started",
      key: `started-${scan.id}`,
      bookedAt: books.now,
      scanId: scan.id,
    });
    return accept(scan);
  }
  const debited = debitHour(books, scan, { boundary: books.now, mayOwe: false });
  invariant(debited.ok, "a scan that may start can pay for its first hour");
  return debited;
}

function newScan(books: Journal, command: StartScan, target: ScannableTarget): Scan {
  const scan: Scan = {
    id: command.scanId,
    accountId: books.account.id,
    targetId: target.id,
    runnerKeyId: command.runnerKeyId,
    label: command.label,
    mode: target.mode,
    startKey: command.startKey,
    startFingerprint: command.fingerprint,
    state: "running",
    pausedFor: null,
    startedAt: books.now,
    activeMs: 0,
    activeSince: books.now,
    hours: [],
    lastSeenAt: books.now,
    waitingSince: null,
    endedAt: null,
    endedBy: null,
    endReason: null,
    nextDueAt: null,
    revision: 0,
  };
  return { ...scan, nextDueAt: nextDueAt(scan) };
}
