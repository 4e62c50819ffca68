import type { AccountId, LotId, RunnerKeyId, ScanId, TargetId } from "../ids.ts";
import { settings } from "../settings.ts";
import { after, earliest, type Instant, instant, later } from "../units.ts";

export type ScanMode = "credits" | "unlimited";
export type ScanState = "running" | "paused" | "finished" | "failed" | "stopped" | "lost";
export type PausedFor = "credits" | "user" | "runner";
export type EndedBy = "runner" | "user" | "platform";

/** One debited hour. It always costs one credit, so it is paid by one lot, or by nobody yet (debt). */
export interface ScanHour {
  /** The version of the posting that debited it. */
  readonly version: number;
  readonly boundary: Instant;
  readonly lotId: LotId | null;
}

/** One metered run of a scanner. The mode is copied from the target at the start and never changes. */
export interface Scan {
  readonly id: ScanId;
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  readonly runnerKeyId: RunnerKeyId | null;
  readonly label: string | null;
  readonly mode: ScanMode;
  /** The idempotency key the runner chose, and what it asked for with it. */
  readonly startKey: string;
  readonly startFingerprint: string;
  readonly state: ScanState;
  readonly pausedFor: PausedFor | null;
  readonly startedAt: Instant;
  /** Active time up to the last pause; while running, `activeSince` says when the clock went on. */
  readonly activeMs: number;
  readonly activeSince: Instant | null;
  /** The hours that are debited and not returned, first to last. */
  readonly hours: readonly ScanHour[];
  readonly lastSeenAt: Instant;
  readonly waitingSince: Instant | null;
  readonly endedAt: Instant | null;
  readonly endedBy: EndedBy | null;
  readonly endReason: string | null;
  /** The next instant at which something is owed even if nobody calls; null once the scan has ended. */
  readonly nextDueAt: Instant | null;
  /** As it was read, 0 for a new scan. Each write raises it by one, and the database refuses a write that read an older one. */
  readonly revision: number;
}

export function isOpen(scan: Scan): boolean {
  return scan.endedAt === null;
}

export function isWaitingForCredits(scan: Scan): boolean {
  return scan.state === "paused" && scan.pausedFor === "credits";
}

/** Metered time at an instant, in milliseconds. Paused time is not metered. */
export function activeMsAt(scan: Scan, at: Instant): number {
  return scan.activeMs + (scan.activeSince === null ? 0 : Math.max(0, at - scan.activeSince));
}

/** How many hours that much active time has started: 1 from the first instant, and 60:00.000 is still 1. */
export function startedHours(activeMs: number): number {
  const hours = Math.ceil(activeMs / settings.meteredHourMs);
  return Math.min(settings.scanCreditsMax, Math.max(1, hours));
}

/** When the next hour starts, or null when none is left, none is metered or the clock stands still. */
export function nextBoundary(scan: Scan): Instant | null {
  const isMetered = scan.mode === "credits" && scan.hours.length < settings.scanCreditsMax;
  if (!isMetered || scan.activeSince === null) return null;
  return instant(scan.activeSince + scan.hours.length * settings.meteredHourMs - scan.activeMs);
}

/**
 * When a silent runner counts as lost. Nobody could hear it while the service itself was away, so
 * the five minutes start again when listening does.
 */
export function lostAt(scan: Scan, listeningSince: Instant): Instant {
  return after(later(scan.lastSeenAt, listeningSince), settings.lostAfterMs);
}

/** When the scan has been open for so long that it is ended whatever its runner says. */
export function openLimitAt(scan: Scan): Instant {
  return after(scan.startedAt, settings.scanOpenLimitMs);
}

/** When a scan that waits for credits gives up. */
export function waitingLimitAt(scan: Scan): Instant | null {
  return scan.waitingSince === null
    ? null
    : after(scan.waitingSince, settings.waitingForCreditsLimitMs);
}

/**
 * The due instant that is stored with the scan. Silence is not part of it: it would move with each
 * heartbeat; a sweep over the open scans finds the lost ones.
 */
export function nextDueAt(scan: Scan): Instant | null {
  if (!isOpen(scan)) return null;
  return earliest([nextBoundary(scan), waitingLimitAt(scan), openLimitAt(scan)]);
}
