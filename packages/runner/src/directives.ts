import type { ScanView } from "@scanmeter/contracts/scans";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { Timers } from "./timers.ts";

export interface DirectivesListener {
  /** The platform listens and will speak from now on; again after each interruption of the line. */
  onOpen?(): void;
  onView(view: ScanView): void;
}

/** An open line of command; it repairs itself until it is closed. */
export interface Line {
  close(): void;
}

interface SubscriptionObserver {
  onStarted(): void;
  onData(event: { readonly id: string; readonly data: ScanView }): void;
  onError(error: unknown): void;
  onComplete(): void;
}

interface LineDeps {
  readonly timers: Timers;
  readonly listener: DirectivesListener;
  readonly subscribe: (
    lastEventId: string | undefined,
    observer: SubscriptionObserver,
  ) => { unsubscribe(): void };
}

const backoff: Backoff = { firstMs: 1_000, maxMs: 30_000 };

/**
 * Keeps a subscription going. A lost socket is the transport's business: it reconnects and resumes
 * after the last event. Here is the rest: a subscription that the server ended, properly or with an
 * error, is asked for again. Why it ended does not matter, because the heartbeats say what is true.
 */
export function openLine({ timers, listener, subscribe }: LineDeps): Line {
  let isClosed = false;
  let failures = 0;
  let lastEventId: string | undefined;
  let current: { unsubscribe(): void } | undefined;
  let cancelRetry = () => {};

  const open = () => {
    let isOver = false;
    const again = () => {
      if (isClosed || isOver) return;
      isOver = true;
      failures += 1;
      cancelRetry = timers.after(backoffMs(failures, backoff, timers.random()), open);
    };
    current = subscribe(lastEventId, {
      onStarted() {
        listener.onOpen?.();
      },
      onData(event) {
        failures = 0;
        lastEventId = event.id;
        listener.onView(event.data);
      },
      onError: again,
      onComplete: again,
    });
  };
  open();

  return {
    close() {
      isClosed = true;
      cancelRetry();
      current?.unsubscribe();
    },
  };
}
