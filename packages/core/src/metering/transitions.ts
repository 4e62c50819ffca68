/** The small moves a scan can make. Each works out the next due instant anew. */
import { invariant } from "../invariant.ts";
import { earlier, type Instant, later } from "../units.ts";
import {
  activeMsAt,
  type EndedBy,
  isOpen,
  nextBoundary,
  nextDueAt,
  type PausedFor,
  type Scan,
  type ScanHour,
  type ScanState,
} from "./scan.ts";

function moved(scan: Scan, change: Partial<Scan>): Scan {
  const next = { ...scan, ...change };
  return { ...next, nextDueAt: nextDueAt(next) };
}

/**
 * The metered time to keep when the clock stops. It never runs past an hour that was not debited,
 * such as one that nobody vouched for before a user stopped the scan.
 */
function meteredMsAt(scan: Scan, at: Instant): number {
  return activeMsAt(scan, earlier(at, nextBoundary(scan) ?? at));
}

export function seenAt(scan: Scan, at: Instant): Scan {
  return moved(scan, { lastSeenAt: later(scan.lastSeenAt, at) });
}

export function withHour(scan: Scan, hour: ScanHour): Scan {
  return moved(scan, { hours: [...scan.hours, hour] });
}

export function withoutLastHour(scan: Scan): Scan {
  return moved(scan, { hours: scan.hours.slice(0, -1) });
}

export function pausedAt(scan: Scan, pausedFor: PausedFor, at: Instant): Scan {
  return moved(scan, {
    state: "paused",
    pausedFor,
    activeMs: meteredMsAt(scan, at),
    activeSince: null,
    waitingSince: pausedFor === "credits" ? at : null,
  });
}

export function resumedAt(scan: Scan, at: Instant): Scan {
  invariant(scan.state === "paused", "only a paused scan resumes");
  return moved(scan, { state: "running", pausedFor: null, activeSince: at, waitingSince: null });
}

export interface End {
  readonly state: Exclude<ScanState, "running" | "paused">;
  readonly by: EndedBy;
  readonly reason: string;
  readonly at: Instant;
  /** Active time counts up to here; for a lost runner that is its last sign of life. */
  readonly activeUntil: Instant;
  /** The user who stopped it. */
  readonly askedBy?: string | null;
}

export function ended(scan: Scan, end: End): Scan {
  invariant(isOpen(scan), "a scan ends once");
  return moved(scan, {
    state: end.state,
    pausedFor: null,
    activeMs: meteredMsAt(scan, end.activeUntil),
    activeSince: null,
    waitingSince: null,
    endedAt: end.at,
    endedBy: end.by,
    endReason: end.reason,
  });
}
