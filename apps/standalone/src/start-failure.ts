/**
 * Why it did not start, in one sentence that says what to do. Everything a person can put right has
 * one; whatever has none is a bug and shows its stack.
 */
import { DatabaseUnavailable, failureOf } from "@scanmeter/db";
import { RedisRefuses } from "@scanmeter/worker";
import { BadEnvironment } from "./env.ts";

/** Something a person can put right; the message is the sentence. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}

export interface Ending {
  readonly sentence: string;
  readonly exitCode: number;
}

export function endingFor(error: unknown): Ending | null {
  if (error instanceof BadEnvironment) return { sentence: error.message, exitCode: 2 };
  const failure = failureOf(error);
  const isKnown =
    failure instanceof StartFailure ||
    failure instanceof DatabaseUnavailable ||
    failure instanceof RedisRefuses;
  return isKnown ? { sentence: failure.message, exitCode: 1 } : null;
}

/** What a listening server's error means for whoever chose HOST and PORT. */
export function listenFailure(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Error {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use: stop what listens there, or set PORT to another one (0 takes any that is free).`,
    EACCES: `Port ${port} may not be used by this user: set PORT to one above 1023.`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine: set it to one that is, such as 127.0.0.1.`,
    ENOTFOUND: `HOST ${host} is not known: set it to an address of this machine, such as 127.0.0.1.`,
  };
  const sentence = sentences[error.code ?? ""];
  return sentence === undefined ? error : new StartFailure(sentence, { cause: error });
}
