/** What happened to a scan, told in words from what was booked for it. */
import { instant, isoOf, type PostingKind } from "@scanmeter/core";
import type { ScanStep } from "./scans.ts";
import { endReasons, pauseReasons, resumeReasons, told } from "./views.ts";

export interface ScanPostingFacts {
  readonly version: number;
  readonly kind: PostingKind;
  readonly bookedAt: number;
  readonly hour: number | null;
  readonly reason: string | null;
  readonly credits: number;
  readonly balanceAfter: number;
  readonly lotId: string | null;
  readonly lotSource: string | null;
  readonly lotKind: "paid" | "free" | null;
  /** The person who asked for it. */
  readonly askedBy: string | null;
}

type Telling = { kind: ScanStep["kind"]; text: (posting: ScanPostingFacts) => string };

const tellings: Partial<Record<PostingKind, Telling>> = {
  scan_started: { kind: "started", text: () => "Started, covered by a subscription" },
  debit: { kind: "hour", text: ({ hour }) => `Hour ${hour} started` },
  return: { kind: "returned", text: ({ hour }) => `Hour ${hour} returned` },
  scan_paused: { kind: "paused", text: (posting) => told("Paused", pauseReasons, posting) },
  scan_resumed: { kind: "resumed", text: (posting) => told("Resumed", resumeReasons, posting) },
  scan_ended: { kind: "ended", text: (posting) => told("Ended", endReasons, posting) },
};

export function scanStepsOf(postings: readonly ScanPostingFacts[]): ScanStep[] {
  return postings.flatMap((posting) => {
    const telling = tellings[posting.kind];
    if (telling === undefined) return [];
    const { version, credits, balanceAfter, lotId, lotSource, lotKind } = posting;
    const lot =
      lotId === null || lotSource === null || lotKind === null
        ? null
        : { id: lotId, source: lotSource, kind: lotKind };
    const at = isoOf(instant(posting.bookedAt));
    const { kind, text } = telling;
    return [{ version, at, kind, text: text(posting), credits, balanceAfter, lot }];
  });
}
