import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";
import { nextPollMs } from "./poll-pace.ts";

export interface Polling {
  /** False once it has been asked for long enough. */
  isAsking: Accessor<boolean>;
  askAgain(): void;
}

/** Looks again and again, less and less often, for as long as somebody may want to wait. */
export function createPolling(refresh: () => Promise<void>): Polling {
  const [isAsking, setAsking] = createSignal(true);
  let startedAt = Date.now();
  let polls = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  function wait(): void {
    if (isGone) return;
    const ms = nextPollMs({ polls, waitedMs: Date.now() - startedAt });
    setAsking(ms !== null);
    if (ms === null) return;
    polls += 1;
    timer = setTimeout(() => void refresh().then(wait), ms);
  }

  onMount(wait);
  onCleanup(() => {
    isGone = true;
    clearTimeout(timer);
  });

  return {
    isAsking,
    askAgain() {
      startedAt = Date.now();
      polls = 0;
      void refresh().then(wait);
      setAsking(true);
    },
  };
}
