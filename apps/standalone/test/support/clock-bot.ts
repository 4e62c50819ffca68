/**
 * Moves the test clock so that hours fall due. Mostly by less than the silence after which a runner
 * is lost, and never again before every runner has beaten; now and then by more.
 */
import type { AckLog } from "./ack-log.ts";
import { accepted, mutate } from "./call.ts";
import type { Dice } from "./dice.ts";
import type { MortalService } from "./mortal-service.ts";
import type { Rounds } from "./rounds.ts";

export interface ClockBotDeps {
  readonly service: MortalService;
  readonly acks: AckLog;
  readonly rounds: Rounds;
  readonly dice: Dice;
}

export class ClockBot {
  readonly #deps: ClockBotDeps;
  now = Date.now();
  /** The clock may stand, and must not run back. */
  readonly contradictions: string[] = [];
  #waiting: { moves: number; done: () => void }[] = [];

  constructor(deps: ClockBotDeps) {
    this.#deps = deps;
  }

  /** Settles after so many more moves, or when the clock moves no more. */
  moved(moves: number): Promise<void> {
    return new Promise((done) => this.#waiting.push({ moves, done }));
  }

  #tell(moves: number): void {
    for (const one of this.#waiting) one.moves -= moves;
    for (const { moves: left, done } of this.#waiting) if (left <= 0) done();
    this.#waiting = this.#waiting.filter(({ moves: left }) => left > 0);
  }

  async run(until: AbortSignal): Promise<void> {
    try {
      await this.#move(until);
    } finally {
      this.#tell(Number.POSITIVE_INFINITY);
    }
  }

  async #move(until: AbortSignal): Promise<void> {
    const { service, acks, rounds, dice } = this.#deps;
    while (!until.aborted) {
      const seconds = dice.happens(0.03) ? dice.between(360, 5_400) : 270;
      const { now } = await accepted(
        service.answered(({ url }) =>
          mutate<{ now: string }>({ url, headers: {} }, "sandbox.advance", { by: { seconds } }),
        ),
      );
      if (Date.parse(now) < this.now)
        this.contradictions.push(
          `the clock ran back from ${new Date(this.now).toISOString()} to ${now}`,
        );
      this.now = Date.parse(now);
      acks.append({ what: "advanced", now });
      this.#tell(1);
      await rounds.next();
    }
  }
}
