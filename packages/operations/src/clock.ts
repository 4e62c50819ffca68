import { type Instant, instant } from "@scanmeter/core";
import { type Database, findTestClock, putTestClock } from "@scanmeter/db";

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
 * The sandbox's clock: it can jump forward and run faster. What it shows is kept in the database,
 * so a restart goes on from there; the rate is not, so that nobody is surprised by a fast clock.
 */
export class TestClock implements Clock {
  readonly #db: Database;
  #baseAt: number;
  #realAt: number;
  #rate = 1;
  #highest: number;

  private constructor(db: Database, baseAt: number, realAt: number) {
    this.#db = db;
    this.#baseAt = baseAt;
    this.#realAt = realAt;
    this.#highest = baseAt;
  }

  static async open(db: Database): Promise<TestClock> {
    const real = Date.now();
    const row = await findTestClock(db);
    // While nothing ran, time passed as everywhere else.
    const baseAt = row === null ? real : row.baseAt + Math.max(0, real - row.realAt);
    return new TestClock(db, baseAt, real);
  }

  get rate(): number {
    return this.#rate;
  }

  now(): Instant {
    const shown = this.#baseAt + (Date.now() - this.#realAt) * this.#rate;
    this.#highest = Math.max(this.#highest, Math.floor(shown));
    return instant(this.#highest);
  }

  /** Moves to a later instant; an earlier one is ignored, since time does not run back. */
  jump(to: Instant): void {
    this.#rebase(Math.max(to, this.now()));
  }

  setRate(rate: number): void {
    this.#rebase(this.now());
    this.#rate = rate;
  }

  /** Remembers what the clock shows; called after a change and with every sweep. */
  async save(): Promise<void> {
    await this.#db.write([
      putTestClock({ baseAt: this.now(), realAt: Date.now(), rateMillis: this.#rate * 1000 }),
    ]);
  }

  #rebase(to: number): void {
    this.#baseAt = to;
    this.#realAt = Date.now();
    this.#highest = to;
  }
}
