/**
 * The one door to waiting and to chance. Everything that retries, beats or gives up takes these, so
 * that a test can let an hour pass in a microsecond and choose the dice.
 */
export interface Timers {
  /** Milliseconds on a clock that never jumps. Only differences mean anything. */
  now(): number;
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  /** From 0 up to, but without, 1. */
  random(): number;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Waits, but never past the signal: whoever aborts wants the waiter to look again, not to fail. */
export function wait(timers: Timers, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
