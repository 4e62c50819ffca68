import { type Instant, instant, settings } from "@scanmeter/core";
import { type Database, findService, findTestClock, putTestClock } from "@scanmeter/db";

/** Where operations get their one `now` from. It never runs backwards. */
export interface Clock {
  now(): Instant;
}

/** The system's clock, held at its highest reading when the system is set back. */
export function systemClock(floor: Instant): Clock {
  let highest = floor as number;
  return {
    now() {
      highest = Math.max(highest, Date.now());
      return instant(highest);
    },
  };
}

/**
 * How far a fast clock may run ahead of whoever does what comes due. Shorter than the silence after
 * which a runner is lost, so a busy machine makes the clock wait and loses nobody.
 */
export const TEST_CLOCK_STRIDE_MS = settings.lostAfterMs * 0.8;

/**
 * The sandbox's clock: it can jump forward and run faster. What it shows is kept in the database,
 * so a restart goes on from there; the rate is not, so that nobody is surprised by a fast clock.
 */
export class TestClock implements Clock {
  readonly #db: Database;
  #baseAt: number;
  #realAt: number;
  #rate = 1;
  #highest: number;
  #followedAt: number;

  private constructor(db: Database, baseAt: number, realAt: number) {
    this.#db = db;
    this.#baseAt = baseAt;
    this.#realAt = realAt;
    this.#highest = baseAt;
    this.#followedAt = baseAt;
  }

  static async open(db: Database): Promise<TestClock> {
    const real = Date.now();
    const row = await findTestClock(db);
    // While nothing ran, time passed as everywhere else.
    const shown = row === null ? real : row.baseAt + Math.max(0, real - row.realAt);
    // A crash in the middle of a jump must not take the clock back before what was already booked.
    const { aliveAt } = (await findService(db)) ?? { aliveAt: 0 };
    return new TestClock(db, Math.max(shown, aliveAt), real);
  }

  get rate(): number {
    return this.#rate;
  }

  now(): Instant {
    const ran = this.#baseAt + Math.floor((Date.now() - this.#realAt) * this.#rate);
    const shown = Math.min(ran, this.#limit());
    this.#highest = Math.max(this.#highest, shown);
    return instant(this.#highest);
  }

  /**
   * Says that what is due has been done up to an instant, and everybody connected heard since, so a fast
   * clock may go on from there. One that was held up goes on from what it shows.
   */
  followed(upTo: Instant): void {
    const now = this.now();
    if (now >= this.#limit()) this.#rebase(now);
    this.#followedAt = upTo;
  }

  #limit(): number {
    return this.#rate > 1 ? this.#followedAt + TEST_CLOCK_STRIDE_MS : Number.POSITIVE_INFINITY;
  }

  /** Moves to a later instant; an earlier one is ignored, since time does not run back. */
  jump(to: Instant): void {
    this.#rebase(Math.max(to, this.now()));
  }

  setRate(rate: number): void {
    this.#rebase(this.now());
    this.#rate = rate;
  }

  /** Remembers what the clock shows, or is about to show: a crash takes it back to before neither. */
  async save(shown: Instant = this.now()): Promise<void> {
    await this.#db.write([
      putTestClock({ baseAt: shown, realAt: Date.now(), rateMillis: this.#rate * 1000 }),
    ]);
  }

  #rebase(to: number): void {
    this.#baseAt = to;
    this.#realAt = Date.now();
    this.#highest = to;
    this.#followedAt = to;
  }
}
