/**
 * Lets something that claims to keep the ledger live through the same days as the model, and holds
 * the two against each other. Time passes as it does in a service: the due things at their instants,
 * runners that beat or fall silent, commands that arrive together, workers that are a few minutes
 * late, outages of hours.
 */
import fc from "fast-check";
import { expect } from "vitest";
import { settings } from "../settings.ts";
import {
  type AccountView,
  type Answer,
  type By,
  type Fault,
  type Kind,
  type LedgerCommand,
  LedgerModel,
  type Mode,
} from "./ledger-model.ts";

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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The number of a target that no account has. */
const UNKNOWN = 9;
const NO_SCAN = { account: 0, number: -1 };
/** Which runners are heard: a bit for each of four, by the number of the scan. */
const EVERYBODY = 0b1111;
const NOBODY = 0;
const START = Date.UTC(2026, 0, 31, 12);

/** The accounts of every trial, each with the targets it can scan. */
export const trialAccounts: readonly { readonly targets: readonly Mode[] }[] = [
  { targets: ["credits", "credits", "unlimited"] },
  { targets: ["credits"] },
];

type Outcome = "completed" | "failed" | "stopped";

interface OfAccount {
  readonly account: number;
}
interface OfScan {
  readonly scan: number;
  readonly isForeign: boolean;
}

type Wish =
  | ({ do: "start"; target: number; key: number; label: number } & OfAccount)
  | ({ do: "beat" | "stop" } & OfScan)
  | ({ do: "pause" | "resume"; by: By } & OfScan)
  | ({ do: "finish"; outcome: Outcome; fault: Fault } & OfScan)
  | ({ do: "grant"; credits: number; kind: Kind; lives: Moment; key: number } & OfAccount)
  | ({ do: "when-out"; value: "pause" | "finish" } & OfAccount)
  | ({ do: "target-mode"; target: number; mode: Mode } & OfAccount)
  | ({ do: "archive"; target: number } & OfAccount);

/** So long from now, or so many milliseconds beside the n-th thing that will happen by itself. */
type Moment = { readonly ms: number } | { readonly due: number; readonly aside: number };

export type Step =
  | { readonly step: "act"; readonly wish: Wish }
  | { readonly step: "together"; readonly wishes: readonly Wish[] }
  | { readonly step: "pass"; readonly until: Moment; readonly alive: number }
  | { readonly step: "late"; readonly ms: number }
  | { readonly step: "outage"; readonly ms: number };

const oneOf = fc.constantFrom;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const account = oneOf(0, 1);
/** The open ones first, the newest first. */
const scan = fc.oneof(often(4, fc.nat({ max: 2 })), often(1, fc.nat({ max: 9 })));
/** Asked for in the name of an account that it does not belong to. */
const isForeign = fc.nat({ max: 15 }).map((n) => n === 0);
const by = oneOf<By>("user", "runner");

/** Mostly around half hours, so that hours, expiries and commands fall on each other. */
const aWhile: fc.Arbitrary<number> = fc.oneof(
  often(1, fc.integer({ min: 1, max: 3 * HOUR })),
  often(
    3,
    fc
      .tuple(fc.integer({ min: 1, max: 5 }), oneOf(-1, 0, 0, 1))
      .map(([halves, ms]) => halves * 30 * MINUTE + ms),
  ),
  often(1, fc.integer({ min: 1, max: 5 * MINUTE })),
  often(1, oneOf(1, 1_000, 5 * MINUTE)),
);
const aLongTime = oneOf(6 * HOUR, DAY, DAY - 1, 3 * DAY, 80 * HOUR);
const aDue = fc.record({ due: fc.nat({ max: 2 }), aside: oneOf(-1, 0, 0, 1) });
const inMs = (ms: fc.Arbitrary<number>): fc.Arbitrary<Moment> => ms.map((value) => ({ ms: value }));

const start: fc.Arbitrary<Wish> = fc.record({
  do: oneOf("start" as const),
  account,
  target: fc.oneof(
    often(20, oneOf(0)),
    often(4, oneOf(1)),
    often(3, oneOf(2)),
    often(1, oneOf(UNKNOWN)),
  ),
  key: fc.nat({ max: 30 }),
  label: oneOf(0, 0, 0, 0, 1),
});

const move: fc.Arbitrary<Wish> = fc.oneof(
  often(4, fc.record({ do: oneOf("pause" as const, "resume" as const), scan, isForeign, by })),
  often(1, fc.record({ do: oneOf("beat" as const, "stop" as const), scan, isForeign })),
  often(
    2,
    fc.record({
      do: oneOf("finish" as const),
      scan,
      isForeign,
      outcome: oneOf<Outcome>("completed", "failed", "failed", "stopped"),
      fault: oneOf<Fault>("platform", "platform", "target", null),
    }),
  ),
);

/** One account has enough most of the time, the other hardly ever. */
const purse = fc.oneof(
  fc.record({ account: oneOf(0), credits: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ account: oneOf(1), credits: fc.integer({ min: 1, max: 2 }) }),
);

const grant: fc.Arbitrary<Wish> = fc
  .record({
    do: oneOf("grant" as const),
    purse,
    kind: oneOf<Kind>("paid", "paid", "free"),
    lives: fc.oneof(
      often(4, inMs(aWhile)),
      often(9, inMs(aLongTime)),
      often(5, aDue),
      often(1, inMs(oneOf(0))),
    ),
    key: fc.nat({ max: 60 }),
  })
  .map(({ purse: ofAccount, ...rest }) => ({ ...rest, ...ofAccount }));

const setting: fc.Arbitrary<Wish> = fc.oneof(
  often(
    8,
    fc.record({
      do: oneOf("when-out" as const),
      account,
      value: oneOf("pause" as const, "finish" as const),
    }),
  ),
  often(
    2,
    fc.record({
      do: oneOf("target-mode" as const),
      account,
      target: oneOf(0, 1, UNKNOWN),
      mode: oneOf<Mode>("credits", "credits", "unlimited"),
    }),
  ),
  often(2, fc.record({ do: oneOf("archive" as const), account, target: oneOf(1, UNKNOWN) })),
);

/** The poor account often runs into debt, the other hardly ever. */
const firstSetting: fc.Arbitrary<Wish> = oneOf(
  "finish" as const,
  "finish" as const,
  "pause" as const,
).map((value) => ({ do: "when-out", account: 1, value }));

/** What happens to the accounts, one thing after another. */
export function arbitrarySteps(length: number): fc.Arbitrary<Step[]> {
  const wish = fc.oneof(often(6, start), often(6, move), often(4, grant), often(1, setting));
  const wishes = fc.array(fc.oneof(start, move), { minLength: 2, maxLength: 5 });
  const until = fc.oneof(often(12, inMs(aWhile)), often(1, inMs(aLongTime)), often(8, aDue));
  const alive = fc.oneof(often(6, oneOf(EVERYBODY)), often(2, oneOf(0b0101, 0b1010, NOBODY)));
  const late = fc.integer({ min: 0, max: settings.lostAfterMs - 2_000 });
  const away = fc.oneof(often(1, oneOf(0)), often(4, aWhile), often(1, aLongTime));
  const step: fc.Arbitrary<Step> = fc.oneof(
    often(10, fc.record({ step: oneOf("act" as const), wish })),
    often(2, fc.record({ step: oneOf("together" as const), wishes })),
    often(4, fc.record({ step: oneOf("pass" as const), until, alive })),
    often(1, fc.record({ step: oneOf("late" as const), ms: late })),
    often(1, fc.record({ step: oneOf("outage" as const), ms: away })),
  );
  // As long as that, and yet every step can be left out when a failure is made smaller.
  const range = { minLength: length, maxLength: length };
  const steps = fc.noBias(fc.array(fc.option(step, { freq: 1_000 }), range));
  return fc
    .tuple(grant, firstSetting, steps)
    .map(([one, two, rest]) => [act(one), act(two), ...rest.filter((each) => each !== null)]);
}

const act = (wish: Wish): Step => ({ step: "act", wish });

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
    if (this.#model.accounts.some(({ forfeited }) => forfeited > 0)) this.#count("a lot forfeited");
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
      expect(await this.#real.view(number)).toEqual(this.#model.view(number));
    }
  }

  #openScans(alive: number) {
    return this.#model.scans.filter(
      ({ endedAt, number }) => endedAt === null && (alive >> (number % 4)) & 1,
    );
  }

  #commandFor(one: Wish): LedgerCommand {
    if (one.do === "grant") {
      const { lives, ...rest } = one;
      return { ...rest, until: this.#at(lives) };
    }
    if (one.do === "start" && one.target !== UNKNOWN) {
      const { length } = trialAccounts[one.account]?.targets ?? [];
      return { ...one, target: one.target % Math.max(1, length) };
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
