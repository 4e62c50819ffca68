/**
 * What a failed job means: the only place that judges it. Trying again helps when something outside
 * broke (the database was busy or full, the disk hiccuped); it cannot help when the job itself is
 * wrong or a promise of the design was broken.
 */
import { BrokenInvariant } from "@scanmeter/core";
import { UnrecoverableError } from "bullmq";

/** A job nobody of us could have added: an unknown name, or a payload of another shape. */
export class MalformedJob extends Error {
  override readonly name = "MalformedJob";
}

export type Verdict = "try again" | "stop";

export function verdictOn(error: unknown): Verdict {
  return error instanceof MalformedJob || error instanceof BrokenInvariant ? "stop" : "try again";
}

/** The error in the form the queue understands: its own unrecoverable error really stops a job. */
export function asQueueError(error: unknown): Error {
  const reason = error instanceof Error ? error : new Error(String(error));
  if (verdictOn(error) === "try again") return reason;
  const stop = new UnrecoverableError(reason.message);
  stop.cause = reason;
  return stop;
}
