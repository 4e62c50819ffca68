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
  type ServiceRow,
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
  const { listeningSince } = await noteAlive(deps, now);
  const found = await findOverdue(deps, now, listeningSince, limit);

  const accountIds = new Set([
    ...found.due.map(({ accountId }) => accountId),
    ...found.expired.map(({ accountId }) => accountId),
  ]);
  await Promise.all([...accountIds].map((accountId) => catchUpAccount(deps, accountId)));
  await Promise.all(
    found.silent.map(({ accountId, scanId }) => catchUpAccount(deps, accountId, scanId)),
  );
  await Promise.all(found.waiting.map(({ accountId }) => resumeWaiting(deps, accountId)));

  // What is still there was held back by something else, or somebody else is at it. Only progress
  // calls for another round, so two sweeps in a row always end.
  const left = await findOverdue(deps, now, listeningSince, limit);
  const done = (kind: keyof Overdue) => {
    const leftKeys = new Set(left[kind].map(keyOfOverdue));
    return found[kind].filter((row) => !leftKeys.has(keyOfOverdue(row))).length;
  };
  const kinds = ["due", "silent", "expired", "waiting"] as const;
  return {
    rescued: kinds.reduce((sum, kind) => sum + done(kind), 0),
    isFull: kinds.some((kind) => found[kind].length === limit && done(kind) > 0),
  };
}

interface OverdueRow {
  readonly accountId: string;
  readonly scanId?: string;
}

type Overdue = Record<"due" | "silent" | "expired" | "waiting", readonly OverdueRow[]>;

const keyOfOverdue = ({ accountId, scanId = "" }: OverdueRow) => `${accountId} ${scanId}`;

async function findOverdue(
  deps: Deps,
  now: Instant,
  listeningSince: number,
  limit: number,
): Promise<Overdue> {
  const { lostAfterMs } = settings;
  const silentUntil = now - lostAfterMs;
  const rows = (accountIds: readonly string[]) => accountIds.map((accountId) => ({ accountId }));
  return {
    due: await listDueScans(deps.db, now, { listeningSince, lostAfterMs }, limit),
    silent: listeningSince > silentUntil ? [] : await listSilentScans(deps.db, silentUntil, limit),
    expired: rows(await listAccountsWithExpiredLots(deps.db, now, limit)),
    waiting: rows(await listAccountsToResume(deps.db, now, limit)),
  };
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
export async function noteListening(deps: Deps): Promise<ServiceRow> {
  const now = deps.clock.now();
  const before = await findService(deps.db);
  const wasAway = before === null || now - before.aliveAt > ABSENT_AFTER_MS;
  const service = { aliveAt: now, listeningSince: wasAway ? now : before.listeningSince };
  await deps.db.write([putService(service)]);
  return service;
}

async function noteAlive(deps: Deps, now: Instant): Promise<ServiceRow> {
  const service = await findService(deps.db);
  if (service === null) return noteListening(deps);
  await deps.db.write([putService({ ...service, aliveAt: now })]);
  return service;
}
