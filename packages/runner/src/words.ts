import type { PausedFor, ScanState, ScanView } from "@scanmeter/contracts/scans";
import { RunnerRefusal, RunnerUnreachable } from "./refusal.ts";

/** The sentences of the runner. Facts in, words out. */

export function startedWords(scan: ScanView): string {
  const cost =
    scan.mode === "unlimited"
      ? "costs no credits, the target is unlimited"
      : `${credits(scan.creditsDebited)} now, at most ${scan.creditsMax}`;
  return `scan ${scan.scanId} of ${scan.targetUrl} started: ${cost}`;
}

/** What a person watching would want to hear about the step from one view to the next. */
export function changeWords(before: ScanView, after: ScanView): readonly string[] {
  const said: string[] = [];
  for (let hour = before.creditsDebited + 1; hour <= after.creditsDebited; hour++) {
    said.push(`hour ${hour} started, ${hour} of at most ${credits(after.creditsMax)}`);
  }
  if (after.state === "paused" && after.pausedFor !== before.pausedFor) {
    said.push(pausedWords[after.pausedFor ?? "user"]);
  }
  if (after.state === "running" && before.state === "paused") said.push(resumedWords(before));
  return said;
}

const pausedWords: Record<PausedFor, string> = {
  credits: "paused: no credits left; the scan goes on by itself when credits arrive",
  user: "paused by a user",
  runner: "paused by the runner",
};

function resumedWords(before: ScanView): string {
  return before.pausedFor === "credits" ? "resumed: credits arrived" : "resumed";
}

export function toldToStopWords(scan: ScanView): string {
  const reason = scan.directiveReason ? ` (${scan.directiveReason.replaceAll("_", " ")})` : "";
  if (scan.state === "lost") {
    return `the platform had not heard from this runner and gave the scan up as lost${reason}; stopping the command`;
  }
  return `the scan was stopped${reason}; stopping the command`;
}

const endWords: Record<ScanState, string> = {
  running: "still running",
  paused: "still paused",
  finished: "finished",
  failed: "failed",
  stopped: "stopped",
  lost: "lost",
};

export function spentWords(scan: ScanView): string {
  return `scan ${endWords[scan.state]}: ${credits(scan.creditsDebited)} for ${durationWords(scan.activeSeconds)}`;
}

/** When the end could not be told to the platform; what is known is what it said last. */
export function unreportedWords(error: unknown, last: ScanView | undefined): string {
  const known = last
    ? `; last known: ${credits(last.creditsDebited)} for ${durationWords(last.activeSeconds)}`
    : "";
  if (error instanceof RunnerRefusal) {
    return `the scan had ended before its end was reported (${error.code})${known}`;
  }
  const why = error instanceof RunnerUnreachable ? error.reason : String(error);
  return `the end of the scan could not be reported (${why}); the platform ends it after 5 minutes without a heartbeat${known}`;
}

export function notStartedWords(command: string, code: string): string {
  if (code === "ENOENT") return `cannot run "${command}": there is no such command`;
  if (code === "EACCES") return `cannot run "${command}": it may not be executed`;
  return `cannot run "${command}": ${code}`;
}

export function credits(count: number): string {
  return count === 1 ? "1 credit" : `${count} credits`;
}

/** Rounded down, as a meter reads: 3,899 seconds are 1 h 04 min. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
