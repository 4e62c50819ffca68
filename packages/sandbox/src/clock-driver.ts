/**
 * Moves the test clock. Nobody waits for the time it skips, so the driver does what that time would
 * have brought: it goes from due instant to due instant, in order, and runs what is due at each. A
 * runner that is connected while the clock jumps is alive but cannot beat in between, so the driver
 * beats for it; a runner that is not connected falls silent, as it would in real life.
 */
import { after, earlier, type Instant, instant, isoOf, settings } from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import type { Operations, TestClock } from "@scanmeter/operations";

export interface Advance {
  readonly by?: {
    readonly months?: number | undefined;
    readonly days?: number | undefined;
    readonly hours?: number | undefined;
    readonly minutes?: number | undefined;
    readonly seconds?: number | undefined;
  };
  readonly to?: Instant;
  /** Where calendar months are counted. */
  readonly timeZone?: string;
}

export interface ConnectedScan {
  readonly accountId: string;
  readonly scanId: string;
}

export interface ClockDriverDeps {
  readonly clock: TestClock;
  readonly operations: Pick<Operations, "heartbeat" | "nextDueAt" | "sweep">;
  /** The scans whose runners have an open line to us right now. */
  readonly connectedScans: () => readonly ConnectedScan[];
  /** Arms wake-ups anew after the clock moved. May fail; sweeps make up for it. */
  readonly rearm: () => Promise<void>;
}

export interface ClockDriver {
  now(): { now: Instant; rate: number };
  /** Returns once everything due up to there has run; `ran` counts it. */
  advance(advance: Advance): Promise<{ now: Instant; ran: number }>;
  setRate(rate: number): Promise<{ now: Instant; rate: number }>;
  close(): Promise<void>;
}

/** What was asked of the clock is something it cannot do; the message says why. */
export class ClockCannot extends Error {
  override readonly name = "ClockCannot";
}

const YEAR_MS = 366 * 24 * 60 * 60 * 1_000;
const ADVANCE_MAX_MS = 10 * YEAR_MS;
/** Faster than this, a runner would be lost between two looks of a busy machine. */
const RATE_MAX = 3_600;
/** Well below the silence after which a runner counts as lost. */
const BEAT_EVERY_MS = settings.lostAfterMs / 2;
const LOOK_EVERY_REAL_MS = 50;

export function createClockDriver(deps: ClockDriverDeps): ClockDriver {
  const { clock } = deps;
  const oneAtATime = makeQueue();
  let look: NodeJS.Timeout | undefined;
  let isClosed = false;

  // While the clock runs fast, wake-ups would come too coarsely; a short look does instead.
  const follow = () => {
    clearTimeout(look);
    if (isClosed || clock.rate === 1) return;
    const pause = Math.min(LOOK_EVERY_REAL_MS, BEAT_EVERY_MS / clock.rate / 2);
    look = setTimeout(() => {
      oneAtATime(() => runDue(deps))
        .catch(() => {})
        .finally(follow);
    }, pause);
  };

  return {
    now: () => ({ now: clock.now(), rate: clock.rate }),
    advance: (advance) =>
      oneAtATime(async () => {
        const target = targetOf(advance, clock.now());
        const ran = await runUntil(deps, target);
        await clock.save();
        await deps.rearm().catch(() => {});
        return { now: clock.now(), ran };
      }),
    setRate: (rate) =>
      oneAtATime(async () => {
        if (!(rate > 0 && rate <= RATE_MAX)) {
          throw new ClockCannot(`The rate must be more than 0 and at most ${RATE_MAX}.`);
        }
        await runDue(deps);
        clock.setRate(rate);
        await clock.save();
        await deps.rearm().catch(() => {});
        follow();
        return { now: clock.now(), rate };
      }),
    async close() {
      isClosed = true;
      clearTimeout(look);
      await oneAtATime(async () => {});
    },
  };
}

function targetOf({ by, to, timeZone = "UTC" }: Advance, now: Instant): Instant {
  const target = to ?? afterPeriod(now, by ?? {}, timeZone);
  if (target < now) throw new ClockCannot(`Time does not run back: it is ${isoOf(now)} already.`);
  if (target - now > ADVANCE_MAX_MS) throw new ClockCannot("The clock moves at most ten years at once.");
  return target;
}

function afterPeriod(now: Instant, by: NonNullable<Advance["by"]>, timeZone: string): Instant {
  const { months = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = by;
  const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
  if (!Number.isSafeInteger(months) || !Number.isFinite(ms) || Math.abs(months) > 120) {
    throw new ClockCannot("The clock moves by whole months and at most ten years at once.");
  }
  return instant(Math.floor(addMonths(now, months, timeZone) + ms));
}

/** Each round moves the clock on, by no less than what is due next or half a runner's patience. */
async function runUntil(deps: ClockDriverDeps, target: Instant): Promise<number> {
  const { clock, operations } = deps;
  const ended = new Set<string>();
  let ran = await runDue(deps, ended);
  for (;;) {
    const now = clock.now();
    if (now >= target) return ran;
    const due = await operations.nextDueAt();
    const isAnybodyThere = deps.connectedScans().some(({ scanId }) => !ended.has(scanId));
    let step = due === null ? target : earlier(due, target);
    if (isAnybodyThere) step = earlier(step, after(now, BEAT_EVERY_MS));
    clock.jump(step);
    ran += await runDue(deps, ended);
  }
}

async function runDue(deps: ClockDriverDeps, ended = new Set<string>()): Promise<number> {
  await beat(deps, ended);
  let ran = 0;
  for (;;) {
    const { rescued } = await deps.operations.sweep(settings.sweepBatch);
    ran += rescued;
    if (rescued < settings.sweepBatch) return ran;
  }
}

// A line may stay open after its scan has ended, so such a scan is remembered and left alone.
async function beat({ operations, connectedScans }: ClockDriverDeps, ended: Set<string>) {
  const alive = connectedScans().filter(({ scanId }) => !ended.has(scanId));
  await Promise.all(
    alive.map(async ({ accountId, scanId }) => {
      const outcome = await operations.heartbeat({ accountId, scanId });
      if (!outcome.ok || outcome.value.scan.endedAt !== null) ended.add(scanId);
    }),
  );
}

function makeQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
}
