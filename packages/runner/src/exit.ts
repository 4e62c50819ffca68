import { UsageError } from "./arguments.ts";
import { BadConnection } from "./connection.ts";
import { RunnerRefusal, RunnerUnreachable } from "./refusal.ts";

/** Exit codes of the runner's own; any other number is the wrapped command's. */
export const exitCodes = {
  done: 0,
  usage: 2,
  insufficientCredits: 3,
  platform: 4,
  notExecutable: 126,
  notFound: 127,
} as const;

export interface Exit {
  readonly code: number;
  readonly words: string;
}

const keyRefused = new Set(["unauthorized", "runner_key_not_found"]);

/** Why nothing was run: one sentence that says what to do, and the code for scripts. */
export function exitOf(error: unknown, url: string): Exit {
  if (error instanceof UsageError || error instanceof BadConnection) {
    return { code: exitCodes.usage, words: error.message };
  }
  if (error instanceof RunnerUnreachable) {
    return {
      code: exitCodes.platform,
      words: `${url} does not answer (${error.reason}); nothing was run`,
    };
  }
  if (error instanceof RunnerRefusal) return exitOfRefusal(error, url);
  throw error;
}

function exitOfRefusal({ code, facts, message }: RunnerRefusal, url: string): Exit {
  if (code === "insufficient_credits") {
    const available = typeof facts.available === "number" ? facts.available : 0;
    return {
      code: exitCodes.insufficientCredits,
      words: `not enough credits: a scan needs 1 to start and ${available} are available; buy credits or turn on auto top-up at ${url}/account, then run this again`,
    };
  }
  if (keyRefused.has(code)) {
    return {
      code: exitCodes.usage,
      words: `${url} does not accept this runner key; check it, or create a new one in the settings`,
    };
  }
  if (code === "target_not_found") {
    return { code: exitCodes.usage, words: "the target does not exist any more; nothing was run" };
  }
  return { code: exitCodes.platform, words: `${url} refused (${code}): ${message}` };
}
