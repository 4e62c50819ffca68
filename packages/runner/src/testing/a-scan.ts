import type { ScanView } from "@scanmeter/contracts/scans";

/** A running scan in its first hour; a test names what it is about. */
export function aScan(about: Partial<ScanView> = {}): ScanView {
  return {
    scanId: "scan_1",
    targetId: "tgt_1",
    targetUrl: "https://shop.example",
    label: null,
    mode: "credits",
    state: "running",
    creditsDebited: 1,
    creditsMax: 5,
    startedAt: "2026-01-01T10:00:00.000Z",
    activeSeconds: 0,
    nextDebitAt: "2026-01-01T11:00:00.000Z",
    endedAt: null,
    heartbeatEverySeconds: 30,
    directive: "continue",
    ...about,
  };
}

export const pausedForCredits = {
  state: "paused",
  pausedFor: "credits",
  directive: "pause",
  nextDebitAt: null,
} as const satisfies Partial<ScanView>;

export function ended(state: "finished" | "failed" | "stopped" | "lost"): Partial<ScanView> {
  return { state, directive: "stop", nextDebitAt: null, endedAt: "2026-01-01T12:00:00.000Z" };
}
