/** How a running scan is told to a person. The amounts and instants are the server's. */
import type { ScanView } from "@scanmeter/contracts/scans";
import { creditsInWords } from "../../format/credits.ts";
import { clockFace } from "../../time/countdown.ts";

const HOUR_SECONDS = 3_600;

export function stateInWords(scan: ScanView): string {
  switch (scan.state) {
    case "running":
      return "Running";
    case "paused":
      switch (scan.pausedFor) {
        case "credits":
          return "Paused: waiting for credits";
        case "user":
          return "Paused by the user";
        case "runner":
          return "Paused by the runner";
        default:
          return "Paused";
      }
    case "finished":
      return "Finished";
    case "failed":
      return "Failed";
    case "stopped":
      return "Stopped";
    case "lost":
      return "Lost: its runner fell silent";
  }
}

const stateWords: Readonly<Record<ScanView["state"], string>> = {
  running: "Running",
  paused: "Paused",
  finished: "Finished",
  failed: "Failed",
  stopped: "Stopped",
  lost: "Lost",
};

/** The state in a word, and why it is so where that says more: "Stopped", "by the user". */
export function stateAndWhy(scan: Pick<ScanView, "state" | "directiveReason">): {
  state: string;
  why: string | null;
} {
  const state = stateWords[scan.state];
  const reason = scan.directiveReason ?? "";
  const why = reason.replace(new RegExp(`^${state} ?`, "i"), "");
  return { state, why: why === "" || why === "completed" ? null : why };
}

/** What a person would call the scan: its label, or else the target without the technical parts. */
export function scanTitle(scan: Pick<ScanView, "label" | "targetUrl">): string {
  return scan.label ?? withoutScheme(scan.targetUrl);
}

/** An address as people read it: "shop.acme.com". */
export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** The metered hour the scan is in, from 1. An hour that costs a credit has started when it was debited. */
export function currentHour(scan: ScanView, readAgoMs: number): number {
  if (scan.mode === "credits") return Math.max(1, scan.creditsDebited);
  const runningSeconds = scan.state === "running" ? Math.max(0, readAgoMs) / 1000 : 0;
  return Math.max(1, Math.ceil((scan.activeSeconds + runningSeconds) / HOUR_SECONDS));
}

/** When the next credit is taken: a countdown, or the reason why there is none. */
export function nextDebit(
  scan: ScanView,
  now: number,
): { countdown: string } | { because: string } {
  if (scan.mode === "unlimited") return { because: "none, this target is unlimited" };
  if (scan.state === "paused") return { because: "none while paused" };
  if (scan.nextDebitAt === null) return { because: "none, all its hours are paid" };
  const left = Date.parse(scan.nextDebitAt) - now;
  return left > 0 ? { countdown: clockFace(left) } : { because: "due now" };
}

/** What stopping costs, said before it is done. */
export function stopConsequence(scan: ScanView): string {
  const ends = "Its runner is told to end the scanner and what it found so far is kept.";
  if (scan.mode === "unlimited") return `${ends} It cost no credits.`;
  return `${ends} The ${creditsInWords(scan.creditsDebited)} for started hours stay spent and nothing more is taken.`;
}
