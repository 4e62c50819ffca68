import { type Backoff, backoffMs } from "./backoff.ts";
import { failedCallOf } from "./failed-call.ts";
import { RunnerUnreachable } from "./refusal.ts";
import { type Timers, wait } from "./timers.ts";

export interface Persistence {
  readonly timers: Timers;
  readonly backoff: Backoff;
  /** How long to go on asking. 0 asks once. */
  readonly patienceMs: number;
  /** Told of each failure that will be followed by another try. */
  readonly onRetry?: ((reason: string) => void) | undefined;
  /** Gives up at the next opportunity; an attempt under way is waited for, as it may succeed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks until there is an answer, a refusal, or no patience left. Only for calls that are safe to
 * repeat: an attempt that failed may well have taken effect.
 */
export async function askUntilAnswered<Answer>(
  attempt: () => Promise<Answer>,
  persistence: Persistence,
): Promise<Answer> {
  const { timers, backoff, patienceMs, onRetry, signal } = persistence;
  const since = timers.now();
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const failed = failedCallOf(error);
      if (!failed.again) throw failed.refusal;
      const delay = Math.max(failed.waitAtLeastMs, backoffMs(failures, backoff, timers.random()));
      const tooLate = timers.now() - since + delay > patienceMs;
      if (tooLate || signal?.aborted) throw new RunnerUnreachable(failed.reason, error);
      onRetry?.(failed.reason);
      await wait(timers, delay, signal);
      if (signal?.aborted) throw new RunnerUnreachable(failed.reason, error);
    }
  }
}
