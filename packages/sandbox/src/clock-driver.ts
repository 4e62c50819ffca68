/**
 * Moves the test clock. Nobody waits for the time it skips, so the driver does what that time would
 * have brought: it goes from due instant to due instant, in order, and runs what is due at each. A
 * runner that is connected while the clock jumps is alive but cannot beat in between, so the driver
 * beats for it; a runner that is not connected falls silent, as it would in real life.
 *
 * The local Stripe is a neighbour with a clock of its own. It is moved to each instant before what is
 * due there runs, so that what the product asks of it happens then, and what it tells in return has
 * arrived before time goes on.
 */
import { after, earlier, type Instant, instant, isoOf, settings } from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import { type Operations, TEST_CLOCK_STRIDE_MS, type TestClock } from "@scanmeter/operations";

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

/** Somebody beside the product whose time goes with ours. */
export interface Neighbour {
  /** Moves its clock to this instant, and does what came due there. One that is there already stays. */
  follow(now: Instant): Promise<void>;
  /** Settles once everything it had to tell us was delivered. */
  settled(): Promise<void>;
}

export interface ClockDriverDeps {
  readonly clock: TestClock;
  readonly operations: Pick<Operations, "heartbeat" | "nextDueAt" | "sweep">;
  /** The open scans whose runners have a line to us right now. */
  readonly connectedScans: () => Promise<readonly ConnectedScan[]>;
  /** Whether runners that were here before a restart are still to come back. */
  readonly isAnybodyMissing: () => Promise<boolean>;
  /** Arms wake-ups anew after the clock moved. May fail; sweeps make up for it. */
  readonly rearm: () => Promise<void>;
  /** Null where the product is alone. One that fails is reported and time goes on without it. */
  readonly neighbour: Neighbour | null;
  /** Told what goes wrong while nobody waits for an answer. */
  readonly report: (error: unknown) => void;
}

export interface ClockDriver {
  now(): { now: Instant; rate: number };
  /** Returns once everything due up to there has run; `ran` counts it. */
  advance(advance: Advance): Promise<{ now: Instant; ran: number }>;
  setRate(rate: number): Promise<{ now: Instant; rate: number }>;
  close(): Promise<void>;
}

/** What was asked of the clock is something it cannot do; the message says why. */
export class ClockCannot extends RangeError {
  override readonly name = "ClockCannot";
}

const YEAR_MS = 366 * 24 * 60 * 60 * 1_000;
const ADVANCE_MAX_MS = 10 * YEAR_MS;
/**
 * After a restart the runners of open scans need a moment to find their way back. Until they have,
 * or this long at most, the clock does not jump: a living runner would be lost for no fault of its own.
 */
const COME_BACK_WITHIN_MS = 10_000;
const LOOK_FOR_RUNNERS_EVERY_MS = 50;
/** An hour in a second; faster tells nobody more. */
const RATE_MAX = 3_600;
const LOOK_EVERY_REAL_MS = 50;
const SAVE_EVERY_REAL_MS = 1_000;
/** At one instant we and the neighbour may have to talk more than once; two that never end must not stop time. */
const ROUNDS_MAX = 20;

export function createClockDriver(deps: ClockDriverDeps): ClockDriver {
  const { clock } = deps;
  const oneAtATime = makeQueue();
  let look: NodeJS.Timeout | undefined;
  let savedAt = performance.now();
  let isClosed = false;

  const comeBackUntil = performance.now() + COME_BACK_WITHIN_MS;
  const everybodyBack = async () => {
    while (performance.now() < comeBackUntil && (await deps.isAnybodyMissing())) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_FOR_RUNNERS_EVERY_MS));
    }
  };

  // A crash must not set the clock back by more than what ran in a real second.
  const saveNowAndThen = async () => {
    if (performance.now() - savedAt < SAVE_EVERY_REAL_MS) return;
    savedAt = performance.now();
    await clock.save();
  };
  // While the clock runs fast, wake-ups would come too coarsely; a short look does instead.
  const keepUp = () => {
    clearTimeout(look);
    if (isClosed || clock.rate === 1) return;
    const pause = Math.min(LOOK_EVERY_REAL_MS, TEST_CLOCK_STRIDE_MS / clock.rate / 4);
    look = setTimeout(() => {
      oneAtATime(async () => {
        const upTo = clock.now();
        await runDue(deps);
        clock.followed(upTo);
        await saveNowAndThen();
      })
        .catch(deps.report)
        .finally(keepUp);
    }, pause);
  };

  // It was started on its own, perhaps with less of the past than we have.
  void oneAtATime(() => meetNeighbour(deps));

  return {
    now: () => ({ now: clock.now(), rate: clock.rate }),
    advance: (advance) =>
      oneAtATime(async () => {
        await everybodyBack();
        const target = targetOf(advance, clock.now());
        const ran = await runUntil(deps, target);
        await clock.save();
        await deps.rearm().catch(deps.report);
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
        // A fast clock went on since what was due was run, and from here both go at their own pace.
        await meetNeighbour(deps);
        await deps.rearm().catch(deps.report);
        keepUp();
        return { now: clock.now(), rate };
      }),
    async close() {
      isClosed = true;
      clearTimeout(look);
      await oneAtATime(() => clock.save());
    },
  };
}

function targetOf({ by, to, timeZone = "UTC" }: Advance, now: Instant): Instant {
  const target = to ?? afterPeriod(now, by ?? {}, timeZone);
  if (target < now) throw new ClockCannot(`Time does not run back: it is ${isoOf(now)} already.`);
  if (target - now > ADVANCE_MAX_MS)
    throw new ClockCannot("The clock moves at most ten years at once.");
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

/** Each round moves the clock to what is due next, or only so far that no connected runner is lost. */
async function runUntil(deps: ClockDriverDeps, target: Instant): Promise<number> {
  const { clock, operations } = deps;
  let ran = await runDue(deps);
  while (clock.now() < target) {
    const due = (await operations.nextDueAt()) ?? target;
    const isAnybodyThere = (await deps.connectedScans()).length > 0;
    const reach = isAnybodyThere ? after(clock.now(), TEST_CLOCK_STRIDE_MS) : target;
    const to = earlier(earlier(due, reach), target);
    // Stored before anybody is shown it, for nobody is to see the clock go back after a crash.
    await clock.save(to);
    clock.jump(to);
    if (clock.now() >= earlier(due, target)) ran += await runDue(deps);
    else await beat(deps);
  }
  return ran;
}

async function runDue(deps: ClockDriverDeps): Promise<number> {
  await meetNeighbour(deps);
  let ran = 0;
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const swept = await sweepDue(deps);
    ran += swept;
    if (swept === 0 || deps.neighbour === null) break;
    // What was done may have made the neighbour tell us something, and that is due now, too.
    await deps.neighbour.settled().catch(deps.report);
  }
  await beat(deps);
  return ran;
}

async function sweepDue({ operations }: ClockDriverDeps): Promise<number> {
  let ran = 0;
  for (let isFull = true; isFull; ) {
    const swept = await operations.sweep(settings.sweepBatch);
    ran += swept.rescued;
    isFull = swept.isFull;
  }
  return ran;
}

async function meetNeighbour({ clock, neighbour, report }: ClockDriverDeps): Promise<void> {
  if (neighbour === null) return;
  const now = clock.now();
  // Kept before it is told: after a crash our clock must not be behind one that never runs back.
  await clock.save();
  await neighbour
    .follow(now)
    .then(() => neighbour.settled())
    .catch(report);
}

async function beat({ operations, connectedScans }: ClockDriverDeps): Promise<void> {
  const alive = await connectedScans();
  await Promise.all(
    alive.map(({ accountId, scanId }) => operations.heartbeat({ accountId, scanId })),
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
