/**
 * Fetches when asked, and no more than it must: the first request is served at once, those of the
 * next second share one fetch, and a fetch that failed is tried again by itself.
 */
import { retryDelayMs } from "./retry-delay.ts";

const APART_MS = 1_000;

export interface Refresher {
  ask(): void;
  stop(): void;
}

/** `fetch` answers whether it succeeded and must not throw. */
export function makeRefresher(
  fetch: () => Promise<"done" | "failed">,
  now: () => number = Date.now,
): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFetching = false;
  let isAskedAgain = false;
  let failures = 0;
  let startedAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;

  function schedule(delayMs: number): void {
    timer ??= setTimeout(run, delayMs);
  }

  async function run(): Promise<void> {
    timer = undefined;
    isFetching = true;
    isAskedAgain = false;
    startedAt = now();
    const outcome = await fetch();
    isFetching = false;
    if (isStopped) return;
    failures = outcome === "failed" ? failures + 1 : 0;
    if (outcome === "failed") schedule(retryDelayMs(failures));
    else if (isAskedAgain) ask();
  }

  function ask(): void {
    if (isStopped) return;
    if (isFetching) {
      // What is in flight may have been read before the reason for asking came about.
      isAskedAgain = true;
      return;
    }
    schedule(Math.max(0, startedAt + APART_MS - now()));
  }

  return {
    ask,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
