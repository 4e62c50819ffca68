/** How a scan looks to a runner and to a page. Instants are ISO 8601 UTC, credits whole numbers. */
export type ScanMode = "credits" | "unlimited";
export type ScanState = "running" | "paused" | "finished" | "failed" | "stopped" | "lost";
export type PausedFor = "credits" | "user" | "runner";
export type Directive = "continue" | "pause" | "stop";

export interface ScanView {
  scanId: string;
  targetId: string;
  targetUrl: string;
  label: string | null;
  mode: ScanMode;
  state: ScanState;
  pausedFor?: PausedFor;
  creditsDebited: number;
  creditsMax: number;
  startedAt: string;
  /** Whole seconds of active (metered) time so far. */
  activeSeconds: number;
  nextDebitAt: string | null;
  endedAt: string | null;
  /** Real seconds between heartbeats; shorter when the sandbox clock runs fast. */
  heartbeatEverySeconds: number;
  directive: Directive;
  directiveReason?: string;
}

/** A scan with the names by which people know what it scans and who started it. */
export interface NamedScanView extends ScanView {
  targetName: string;
  /** Null where no key was noted. */
  runnerKey: { id: string; name: string } | null;
}

export interface ScanPage {
  items: NamedScanView[];
  nextCursor: string | null;
}

/** Something that happened to a scan, as it was booked. */
export interface ScanStep {
  /** The account's version with it. */
  version: number;
  at: string;
  kind: "started" | "hour" | "returned" | "paused" | "resumed" | "ended";
  text: string;
  /** Signed: negative when a credit was spent. */
  credits: number;
  balanceAfter: number;
  /** Whose credit it was; null when none moved, or when the hour is owed. */
  lot: { id: string; source: string; kind: "paid" | "free" } | null;
}

export interface ScanDetails extends NamedScanView {
  /** Credits that were debited at first and came back. */
  creditsReturned: number;
  /** First to last. */
  steps: ScanStep[];
}
