import type { ScanView } from "@scanmeter/contracts/scans";
import { accountFrames, type FeedOptions } from "./account-feed.ts";
import type { BalanceHub } from "./balance-hub.ts";

export interface ScanFeedOptions extends FeedOptions {
  readonly scanId: string;
  /** Reads the scan by itself, for when the account's frame does not carry it. */
  readonly find: () => Promise<ScanView>;
}

export interface ScanNews {
  readonly version: number;
  readonly view: ScanView;
}

/**
 * What a scan's runner needs to know, each time it changes: the frames of the account, seen from one
 * scan. A frame carries the open scans, up to a number; a scan that is not among them has ended or is
 * one of very many, and is read by itself.
 */
export async function* scanNews(
  hub: BalanceHub,
  { scanId, find, after, ...feed }: ScanFeedOptions,
): AsyncGenerator<ScanNews, void> {
  let told: string | null = null;
  for await (const frame of accountFrames(hub, { ...feed, after: null })) {
    const view = frame.runningScans.find((scan) => scan.scanId === scanId) ?? (await find());
    const news = whatMatters(view);
    const isKnown = told === null ? frame.version === after : news === told;
    told = news;
    if (!isKnown) yield { version: frame.version, view };
    // Nothing more will happen to it. The line stays open, because an ended one is asked for again.
    if (view.endedAt !== null) return await aborted(feed.signal);
  }
}

/** Everything but the seconds, which pass without anybody having to be told. */
function whatMatters({ activeSeconds: _, ...view }: ScanView): string {
  return JSON.stringify(view);
}

async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
