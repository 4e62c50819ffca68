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
