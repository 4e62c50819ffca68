/**
 * Facts for tests, as plain data. Each builder fills in what a test does not mention: a customer at
 * noon with one paid lot "a", and a scan that "a" has paid the first hour of.
 */
import { type AccountId, idOf, type LotId, type ScanId } from "../ids.ts";
import type { Account } from "../ledger/account.ts";
import { Journal } from "../ledger/journal.ts";
import type { Lot } from "../ledger/lot.ts";
import type { Service } from "../metering/catch-up.ts";
import { isOpen, nextDueAt, type Scan, type ScanHour } from "../metering/scan.ts";
import { credits, type Instant, instant, NO_CREDITS } from "../units.ts";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const YEAR_MINUTES = 365 * 24 * HOUR_MINUTES;

export const noon: Instant = instant(Date.UTC(2026, 2, 10, 12));

/** So many minutes after noon, and perhaps a millisecond more or less. */
export function at(minutes: number, ms = 0): Instant {
  return instant(noon + minutes * MINUTE_MS + ms);
}

export const lotId = (letter: string): LotId => idOf("lot", letter);
export const scanId = (letter: string): ScanId => idOf("scan", letter);
export const accountId: AccountId = idOf("account", "customer");

type LotFigures = "granted" | "remaining" | "frozen" | "kept";

export interface LotFacts
  extends Partial<Omit<Lot, "id" | LotFigures>>,
    Partial<Record<LotFigures, number>> {
  readonly id?: string;
}

/** Five of its credits are spent, unless the test says what was granted; what is kept is frozen. */
export function aLot({
  id = "a",
  granted,
  remaining = 10,
  kept = 0,
  frozen = kept,
  ...rest
}: LotFacts = {}): Lot {
  return {
    id: lotId(id),
    kind: "paid",
    source: "purchase",
    granted: credits(granted ?? remaining + frozen + 5),
    remaining: credits(remaining),
    frozen: credits(frozen),
    kept: credits(kept),
    effectiveAt: at(-HOUR_MINUTES),
    expiresAt: at(YEAR_MINUTES),
    ...rest,
  };
}

export interface ScanFacts extends Partial<Omit<Scan, "id" | "hours" | "nextDueAt">> {
  readonly id?: string;
  /** How many hours lot "a" has paid, each at its boundary, or the hours themselves. */
  readonly hours?: number | readonly ScanHour[];
}

export function aScan({ id = "s", hours = 1, ...rest }: ScanFacts = {}): Scan {
  const startedAt = rest.startedAt ?? noon;
  const scan: Scan = {
    id: scanId(id),
    accountId,
    targetId: idOf("target", "t"),
    runnerKeyId: null,
    label: null,
    mode: "credits",
    startKey: `start-${id}`,
    startFingerprint: "fingerprint",
    state: "running",
    pausedFor: null,
    startedAt,
    activeMs: 0,
    activeSince: startedAt,
    hours: typeof hours === "number" ? hoursFrom(startedAt, hours) : hours,
    lastSeenAt: startedAt,
    waitingSince: null,
    endedAt: null,
    endedBy: null,
    endReason: null,
    nextDueAt: null,
    revision: 1,
    ...rest,
  };
  return { ...scan, nextDueAt: nextDueAt(scan) };
}

function hoursFrom(startedAt: Instant, count: number): ScanHour[] {
  return Array.from({ length: count }, (_, index) => ({
    version: index + 1,
    boundary: instant(startedAt + index * HOUR_MINUTES * MINUTE_MS),
    lotId: lotId("a"),
  }));
}

export interface BooksFacts extends Partial<Omit<Account, "balance" | "debt">> {
  readonly now?: Instant;
  readonly lots?: readonly Lot[];
  readonly scans?: readonly Scan[];
  readonly debt?: number;
}

export function books({ now = noon, lots = [], scans = [], debt = 0, ...rest }: BooksFacts = {}) {
  const account: Account = {
    id: accountId,
    version: 100,
    balance: credits(lots.reduce((sum, lot) => sum + lot.remaining, NO_CREDITS as number)),
    debt: credits(debt),
    whenOutOfCredits: "pause",
    creditEpoch: 0,
    lowBalance: credits(5),
    topUpAt: null,
    keepsExpired: false,
    ...rest,
  };
  return new Journal(account, lots, scans, now);
}

/** The scan as the books have it. */
export function scanIn(journal: Journal, letter = "s"): Scan {
  const scan = journal.scan(scanId(letter));
  if (scan === undefined) throw new Error(`There is no scan ${letter} in the books.`);
  return scan;
}

export function lotIn(journal: Journal, letter = "a"): Lot {
  return journal.lot(lotId(letter));
}

/** The same books opened again at a later instant, as if they had been written and read meanwhile. */
export function reopened(before: Journal, now: Instant): Journal {
  const scans = [...before.scans].filter(isOpen);
  return new Journal(before.account, before.lots, scans, now);
}

/** A service that has always been there. */
export const listening: Service = { listeningSince: instant(0) };

/** A service that has been there since that instant, and was away before. */
export function listeningFrom(since: Instant): Service {
  return { listeningSince: since };
}
