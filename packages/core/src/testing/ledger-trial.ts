/**
 * Lets something that claims to keep the ledger live through the same days as the model, and holds
 * the two against each other. Time passes as it does in a service: the due things at their instants,
 * runners that beat or fall silent, commands that arrive together, workers that are a few minutes
 * late, outages of hours.
 */
import { expect } from "vitest";
import { settings } from "../settings.ts";
import {
  EVERYBODY,
  type Moment,
  NOBODY,
  type Step,
  trialAccounts,
  UNKNOWN,
  type Wish,
} from "./ledger-histories.ts";
import { type AccountView, type Answer, type LedgerCommand, LedgerModel } from "./ledger-model.ts";

/** The real thing, or whatever stands for it. Scans are known by their place in the order of starting. */
export interface LedgerUnderTest {
  act(command: LedgerCommand): Promise<Answer>;
  /** The clock shows this from now on. */
  setNow(now: number): void;
  /** What a worker does every few seconds. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  view(account: number): Promise<AccountView>;
  /** Throws if anything that must always hold does not. */
  check(): Promise<void>;
}

const HOUR = 3_600_000;
const NO_LOT = -1;
const NO_SCAN = { account: 0, number: -1 };
const START = Date.UTC(2026, 0, 31, 12);

interface TrialOptions {
  /** Counts what came about, for whoever wants to know whether the trials were worth something. */
  readonly seen: Map<string, number>;
  readonly atTheEnd: () => Promise<void>;
}

export class LedgerTrial {
  readonly #real: LedgerUnderTest;
  readonly #options: TrialOptions;
  readonly #model = new LedgerModel(START, trialAccounts);

  constructor(real: LedgerUnderTest, options: TrialOptions) {
    this.#real = real;
    this.#options = options;
  }

  async run(steps: readonly Step[]): Promise<void> {
    this.#moveTo(START);
    await this.#real.start();
    for (const step of steps) {
      await this.#take(step);
      await this.#real.check();
    }
    // Long enough that nothing waits for proof any more.
    await this.#pass(this.#model.now + HOUR, NOBODY);
    await this.#options.atTheEnd();
    for (const { reason, hours } of this.#model.scans) {
      this.#count(`cost ${hours.length}`);
      if (reason !== null) this.#count(reason);
      if (hours.some(({ lot }) => lot === null)) this.#count("an hour owed");
    }
    const { accounts } = this.#model;
    if (accounts.some(({ forfeited }) => forfeited > 0)) this.#count("a lot forfeited");
    if (accounts.some(({ refunded }) => refunded > 0)) this.#count("credits refunded");
    const purchases = accounts.flatMap(({ lots }) => lots);
    if (purchases.some(({ frozen }) => frozen > 0)) this.#count("credits frozen");
    if (purchases.some(({ kept }) => kept > 0)) this.#count("credits kept");
    if (accounts.some(({ revived }) => revived > 0)) this.#count("credits revived");
    if (accounts.some(({ keptTooLong }) => keptTooLong > 0)) this.#count("kept too long");
    if (purchases.some(({ money }) => money.taken.includes(null))) this.#count("a refund owed");
  }

  async #take(step: Step): Promise<void> {
    switch (step.step) {
      case "act":
        return this.#act([step.wish]);
      case "together":
        return this.#act(step.wishes);
      case "pass":
        return this.#pass(this.#at(step.until), step.alive);
      case "late": {
        await this.#beat(EVERYBODY);
        this.#moveTo(this.#model.now + step.ms);
        return;
      }
      case "outage":
        return this.#outage(step.ms);
    }
  }

  /** Commands that reach the service at the same time share a commit, in the order they came. */
  async #act(wishes: readonly Wish[]): Promise<void> {
    const commands = wishes.map((one) => this.#commandFor(one));
    // Before any of them, everything that is due in an account of one of them is done.
    const metered = commands.filter(
      ({ do: what }) => !/^(when-out|target-mode|archive)$/.test(what),
    );
    for (const { account: number } of metered) this.#model.settle(number);
    const expected = commands.map((command) => this.#model.act(command));
    const answers = await Promise.all(commands.map((command) => this.#real.act(command)));
    expect(answers, JSON.stringify(commands)).toEqual(expected);
    commands.forEach((command, index) => {
      const answer = expected[index] as Answer;
      this.#count(
        typeof answer === "object" && "refused" in answer
          ? `${command.do}: ${answer.refused}`
          : command.do,
      );
    });
    await this.#compare(metered.map((command) => command.account));
  }

  async #pass(end: number, alive: number): Promise<void> {
    await this.#sweep();
    const beatEvery = settings.lostAfterMs - 1;
    let nextBeat = this.#model.now;
    while (this.#model.now < end) {
      if (this.#openScans(alive).length === 0) nextBeat = end;
      const nextDue = Math.min(end, this.#model.instantsAhead()[0] ?? end);
      this.#moveTo(Math.min(nextDue, Math.max(nextBeat, this.#model.now)));
      if (this.#model.now === nextBeat) {
        await this.#beat(alive);
        nextBeat += beatEvery;
      }
      if (this.#model.now === nextDue) await this.#sweep();
    }
    await this.#compare(trialAccounts.keys());
  }

  async #outage(ms: number): Promise<void> {
    await this.#sweep();
    await this.#real.stop();
    const stoppedAt = this.#model.now;
    // A pause too short to be one could hide a silence that ended in it for as long as a sweep.
    this.#moveTo(stoppedAt + (ms > 2 * settings.sweepEveryMs ? ms : 0));
    this.#model.restart(stoppedAt);
    await this.#real.start();
  }

  async #beat(alive: number): Promise<void> {
    const beats = this.#openScans(alive).map(
      ({ account: owner, number }) => ({ do: "beat", account: owner, scan: number }) as const,
    );
    for (const { account: owner } of beats) this.#model.settle(owner);
    const expected = beats.map((beat) => this.#model.act(beat));
    expect(await Promise.all(beats.map((beat) => this.#real.act(beat)))).toEqual(expected);
  }

  /** Twice, because the first may find the credits that somebody waits for only after looking. */
  async #sweep(): Promise<void> {
    this.#model.sweep();
    await this.#real.sweep();
    await this.#real.sweep();
  }

  async #compare(accounts: Iterable<number>): Promise<void> {
    for (const number of new Set(accounts)) {
      const expected = this.#model.view(number);
      expect(await this.#real.view(number)).toEqual(expected);
      const isBoth = expected.lots.some(({ kept, frozen }) => kept > 0 && frozen > 0);
      if (isBoth) this.#count("kept beside a dispute");
    }
  }

  #openScans(alive: number) {
    return this.#model.scans.filter(
      ({ endedAt, number }) => endedAt === null && (alive >> (number % 4)) & 1,
    );
  }

  #commandFor(one: Wish): LedgerCommand {
    if (one.do === "grant" || one.do === "adjust" || one.do === "revive") {
      const { lives, ...rest } = one;
      return { ...rest, until: this.#at(lives) };
    }
    if (one.do === "start" && one.target !== UNKNOWN) {
      const { length } = trialAccounts[one.account]?.targets ?? [];
      return { ...one, target: one.target % Math.max(1, length) };
    }
    if (one.do === "refund" || one.do === "dispute") {
      const paid = (this.#model.accounts[one.account]?.lots ?? []).flatMap(({ kind }, index) =>
        kind === "paid" ? [index] : [],
      );
      return { ...one, lot: paid.toReversed()[one.lot % Math.max(1, paid.length)] ?? NO_LOT };
    }
    if (!("scan" in one)) return one;
    const { isForeign, ...rest } = one;
    const newest = this.#model.scans.toReversed();
    const choices = [
      ...newest.filter(({ endedAt }) => endedAt === null),
      ...newest.filter(({ endedAt }) => endedAt !== null),
    ];
    const { account: owner, number } = choices[one.scan % Math.max(1, choices.length)] ?? NO_SCAN;
    return {
      ...rest,
      account: isForeign ? (owner + 1) % trialAccounts.length : owner,
      scan: number,
    };
  }

  #at(wanted: Moment): number {
    if ("ms" in wanted) return this.#model.now + wanted.ms;
    const due = this.#model.instantsAhead()[wanted.due];
    return Math.max(this.#model.now, (due ?? this.#model.now + HOUR) + wanted.aside);
  }

  #moveTo(now: number): void {
    this.#model.now = now;
    this.#real.setNow(now);
  }

  #count(what: string): void {
    const { seen } = this.#options;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
}
