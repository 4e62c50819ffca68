/** How core's facts look on the wire. Pure, so that every doorway says the same. */
import {
  type Account,
  activeMsAt,
  balanceAt,
  byDrawOrder,
  type Instant,
  isExpiredAt,
  isOpen,
  isoOf,
  keptAt,
  keptOf,
  type Lot,
  NO_CREDITS,
  nextBoundary,
  nextExpiryAfter,
  type Scan,
  settings,
} from "@scanmeter/core";
import type { AutoTopUpView } from "./auto-top-up.ts";
import type { KeptCredits, LiveFrame, LotView, NextExpiry, Overview } from "./live.ts";
import type { Directive, ScanView } from "./scans.ts";

export interface ScanFacts {
  readonly scan: Scan;
  readonly targetUrl: string;
}

export interface ViewedAt {
  readonly now: Instant;
  /** How fast the clock runs: 1 everywhere but in the sandbox. */
  readonly rate: number;
}

const FASTEST_HEARTBEAT_SECONDS = 0.1;

export function scanViewOf({ scan, targetUrl }: ScanFacts, { now, rate }: ViewedAt): ScanView {
  const boundary = nextBoundary(scan);
  const reason = reasonOf(scan);
  return {
    scanId: scan.id,
    targetId: scan.targetId,
    targetUrl,
    label: scan.label,
    mode: scan.mode,
    state: scan.state,
    ...(scan.pausedFor === null ? {} : { pausedFor: scan.pausedFor }),
    creditsDebited: scan.hours.length,
    creditsMax: scan.mode === "credits" ? settings.scanCreditsMax : 0,
    startedAt: isoOf(scan.startedAt),
    activeSeconds: Math.floor(activeMsAt(scan, now) / 1_000),
    nextDebitAt: boundary === null ? null : isoOf(boundary),
    endedAt: scan.endedAt === null ? null : isoOf(scan.endedAt),
    heartbeatEverySeconds: Math.max(
      FASTEST_HEARTBEAT_SECONDS,
      settings.heartbeatEveryMs / 1_000 / Math.max(1, rate),
    ),
    directive: directiveOf(scan),
    ...(reason === null ? {} : { directiveReason: reason }),
  };
}

function directiveOf(scan: Scan): Directive {
  if (!isOpen(scan)) return "stop";
  return scan.state === "paused" ? "pause" : "continue";
}

export const pauseReasons = {
  credits: "waiting for credits",
  user: "paused by the user",
  runner: "paused by the runner",
} as const;

export const endReasons: Record<string, string> = {
  stopped_by_user: "stopped by the user",
  lost: "the runner was silent for too long",
  waited_for_credits: "waited too long for credits",
  open_limit: "open for too long",
  completed: "completed",
  stopped: "stopped by the runner",
  failed: "failed",
  failed_platform: "failed through our fault; the credits were returned",
  failed_target: "failed because of the target",
  failed_runner: "failed because of the runner",
};

export const resumeReasons: Record<string, string> = {
  credits: "credits arrived",
  user: "resumed by the user",
  runner: "resumed by the runner",
};

/**
 * What became of a scan and why: "Paused by Ada Lovelace", "Paused: waiting for credits". Where the
 * person's name is not known it is "the user".
 */
export function told(
  what: string,
  words: Readonly<Record<string, string>>,
  { reason, askedBy }: { readonly reason: string | null; readonly askedBy: string | null },
): string {
  if (reason === null) return what;
  const because = (words[reason] ?? reason).replace(/the user$/, (somebody) => askedBy ?? somebody);
  const already = `${what.toLowerCase()} `;
  return because.startsWith(already)
    ? `${what} ${because.slice(already.length)}`
    : `${what}: ${because}`;
}

function reasonOf(scan: Scan): string | null {
  if (scan.pausedFor !== null) return pauseReasons[scan.pausedFor];
  return scan.endReason === null ? null : (endReasons[scan.endReason] ?? scan.endReason);
}

export interface SnapshotFacts {
  readonly account: Account;
  readonly lots: readonly Lot[];
  readonly openScans: readonly ScanFacts[];
  readonly reason: string;
}

export function liveFrameOf(snapshot: SnapshotFacts, at: ViewedAt): LiveFrame {
  const { account, lots, openScans, reason } = snapshot;
  return {
    version: account.version,
    now: isoOf(at.now),
    balance: balanceAt(account, lots, at.now),
    nextExpiry: nextExpiryOf(lots, at.now),
    reason,
    runningScans: openScans.map((facts) => scanViewOf(facts, at)),
  };
}

export interface ForecastFacts {
  readonly creditsPerDay: number;
  readonly runsOutAt: Instant | null;
}

export interface BesideBalance {
  readonly forecast: ForecastFacts;
  readonly autoTopUp: AutoTopUpView | null;
}

export function overviewOf(
  snapshot: SnapshotFacts,
  { forecast, autoTopUp }: BesideBalance,
  at: ViewedAt,
): Overview {
  const { reason: _, ...frame } = liveFrameOf(snapshot, at);
  const { account, lots } = snapshot;
  const { creditsPerDay, runsOutAt } = forecast;
  return {
    accountId: account.id,
    ...frame,
    lots: [
      ...lots
        .filter((lot) => !isExpiredAt(lot, at.now))
        .sort(byDrawOrder)
        .map(lotViewOf),
      ...keptLotsOf(snapshot, at.now),
    ],
    kept: keptViewOf(snapshot, at.now),
    autoTopUp,
    forecast: { creditsPerDay, runsOutAt: runsOutAt === null ? null : isoOf(runsOutAt) },
  };
}

function nextExpiryOf(lots: readonly Lot[], now: Instant): NextExpiry | null {
  const next = nextExpiryAfter(lots, now);
  return next === null ? null : { at: isoOf(next.at), credits: next.credits };
}

function lotViewOf(lot: Lot): LotView {
  const { id, kind, source, granted, remaining, frozen } = lot;
  const [effectiveAt, expiresAt] = [isoOf(lot.effectiveAt), isoOf(lot.expiresAt)];
  return { id, kind, source, granted, remaining, frozen, effectiveAt, expiresAt };
}

/** What has expired is gone or kept by the clock, whether or not that is booked yet. */
function keptLotsOf({ account, lots }: SnapshotFacts, now: Instant): LotView[] {
  return lots
    .map((lot) => ({ ...lot, remaining: NO_CREDITS, frozen: keptOf(account, lot, now) }))
    .filter(({ frozen }) => frozen > 0)
    .sort(byDrawOrder)
    .map(lotViewOf);
}

function keptViewOf({ account, lots }: SnapshotFacts, now: Instant): KeptCredits | null {
  const kept = keptAt(account, lots, now);
  return kept === null ? null : { credits: kept.credits, until: isoOf(kept.until) };
}
