import { constants } from "node:os";
import type { ChildEnd } from "./child.ts";
import type { FinishScan } from "./client.ts";

/** The shell's way of saying how a command ended, so that a wrapped command fails like a bare one. */
export function exitCodeOf(end: ChildEnd): number {
  switch (end.how) {
    case "exited":
      return end.code;
    case "signalled":
      return exitCodeOfSignal(end.signal);
    case "not_started":
      return end.code === "ENOENT" ? 127 : 126;
  }
}

export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * What is reported about the scan. A command that was told to end was stopped, however it took it:
 * many scanners exit with 0, and some with 1, when they are asked to leave. Any other failure is the
 * runner's, which includes the scanner it chose to run.
 */
export function outcomeOf(
  end: ChildEnd,
  told: { readonly toEnd: boolean },
): Pick<FinishScan, "outcome" | "fault"> {
  if (told.toEnd) return { outcome: "stopped" };
  if (end.how === "exited" && end.code === 0) return { outcome: "completed" };
  return { outcome: "failed", fault: "runner" };
}
