import type { LiveFrame } from "@scanmeter/contracts/live";
import type { BalanceHub } from "./balance-hub.ts";
import { isNewerFrame } from "./frame-order.ts";

export interface FeedReader {
  /** Settles at once for a reader that keeps up, and otherwise when it has caught up or is gone. */
  caughtUp(): Promise<void>;
}

export interface FeedOptions {
  readonly accountId: string;
  /** The version the reader already has, from before its connection broke. */
  readonly after: number | null;
  readonly signal: AbortSignal | undefined;
  readonly reader: FeedReader | null;
}

/**
 * An account's frames for one reader: what is true now, then every change. It listens before it
 * reads, so nothing falls between the two, and what was read twice is told once. A reader that falls
 * behind skips to the newest frame.
 */
export async function* accountFrames(
  hub: BalanceHub,
  { accountId, after, signal, reader }: FeedOptions,
): AsyncGenerator<LiveFrame, void> {
  let newest: LiveFrame | null = null;
  let wake = () => {};
  const unwatch = hub.watch(accountId, (frame) => {
    newest = frame;
    wake();
  });
  const stop = () => wake();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    let told = await hub.snapshot(accountId);
    if (told.version !== after) yield told;
    while (!signal?.aborted) {
      const frame = newest as LiveFrame | null;
      newest = null;
      if (frame === null) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (isNewerFrame(frame, told)) {
        told = frame;
        yield frame;
        await reader?.caughtUp();
      }
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    unwatch();
  }
}
