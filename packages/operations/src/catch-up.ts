import { accept, type Instant, instant, settings } from "@scanmeter/core";
import {
  findNextDueAt,
  findService,
  listAccountsToResume,
  listAccountsWithExpiredLots,
  listDueScans,
  listScansById,
  listScansDueBetween,
  listSilentScans,
  putService,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { resumeWaiting } from "./grant-credits.ts";
import { type WakeUp, wakeUpOf } from "./wake-ups.ts";

/**
 * Does what is due now in an account, and in a scan that is due only by its silence. The writer
 * catches every account up before any command, so this is the command that asks for nothing else.
 */
export async function catchUpAccount(
  deps: Deps,
  accountId: string,
  scanId?: string,
): Promise<void> {
  await deps.writer.submit({
    accountId,
    wants: scanId === undefined ? {} : { scanId },
    decide: () => accept(null),
  });
}

export interface Swept {
  /** How many overdue rows were found. In a healthy system the queue was there first and it is 0. */
  readonly rescued: number;
  /** There may be more: sweep again. */
  readonly isFull: boolean;
}

/** Finds what is past due and does it, in a bounded batch. May be killed at any moment and run twice at once. */
export async function sweep(deps: Deps, limit: number): Promise<Swept> {
  const now = deps.clock.now();
  await noteAlive(deps, now);
  const silentUntil = now - settings.lostAfterMs;
  const due = await listDueScans(deps.db, now, limit);
  const silent = await listSilentScans(deps.db, silentUntil, limit);
  const expired = await listAccountsWithExpiredLots(deps.db, now, limit);
  const waiting = await listAccountsToResume(deps.db, now, limit);

  const accountIds = new Set([...due.map(({ accountId }) => accountId), ...expired]);
  await Promise.all([...accountIds].map((accountId) => catchUpAccount(deps, accountId)));
  await Promise.all(silent.map(({ accountId, scanId }) => catchUpAccount(deps, accountId, scanId)));
  await Promise.all(waiting.map((accountId) => resumeWaiting(deps, accountId)));

  // A scan that waits for proof, or that was heard again meanwhile, stays listed; only work that
  // could be done counts as a full batch.
  const left = await listDueScans(deps.db, now, limit);
  const doneScans =
    due.length - left.filter(({ scanId }) => due.some((one) => one.scanId === scanId)).length;
  const found = doneScans + expired.length + waiting.length;
  return { rescued: found, isFull: doneScans === limit || expired.length === limit };
}

/** The earliest instant after now at which something is due anywhere; null when nothing ever is. */
export async function nextDueAt(deps: Deps): Promise<Instant | null> {
  const at = await findNextDueAt(deps.db, deps.clock.now(), settings.lostAfterMs);
  return at === null ? null : instant(at);
}

/** The wake-ups of running scans that fall due until an instant, in pages, for arming a queue that lost them. */
export async function listWakeUps(
  deps: Deps,
  page: { readonly until: Instant; readonly afterScanId: string; readonly limit: number },
): Promise<{ readonly wakeUps: WakeUp[]; readonly lastScanId: string | null }> {
  const { until, afterScanId: afterId, limit } = page;
  const ids = await listScansDueBetween(deps.db, { from: deps.clock.now(), until, afterId }, limit);
  const scans = await listScansById(deps.db, ids);
  const wakeUps = scans.flatMap((scan) => wakeUpOf(scan) ?? []);
  return { wakeUps, lastScanId: ids.length === limit ? (ids.at(-1) ?? null) : null };
}

/** An absence shorter than two sweeps may have been a slow one. */
const ABSENT_AFTER_MS = 2 * settings.sweepEveryMs;

/**
 * Called once when a process starts. If the service was away, nobody could hear the runners, so
 * their silence counts from now.
 */
export async function noteListening(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const before = await findService(deps.db);
  const wasAway = before === null || now - before.aliveAt > ABSENT_AFTER_MS;
  const listeningSince = wasAway ? now : before.listeningSince;
  await deps.db.write([putService({ aliveAt: now, listeningSince })]);
}

async function noteAlive(deps: Deps, now: Instant): Promise<void> {
  const service = await findService(deps.db);
  if (service === null) return noteListening(deps);
  await deps.db.write([putService({ ...service, aliveAt: now })]);
}
