/**
 * Random histories of a small world: how time passes and who is at work, round by round, and what
 * becomes of each of its accounts. What happens in the same round happens at nearly the same instant.
 */
import type { CardBehaviour, ModelSettings } from "@scanmeter/core/testing";
import fc from "fast-check";
import type { Fate } from "./memory-gateway.ts";
import type { Death } from "./processes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Act =
  | { readonly do: "save"; readonly settings: ModelSettings }
  | { readonly do: "spend"; readonly credits: number }
  /** Scans that are heard from until they end; only in rounds in which there is time for that. */
  | {
      readonly do: "scan";
      readonly scans: number;
      readonly minutes: number;
      readonly fails: boolean;
    }
  | { readonly do: "buy"; readonly quantity: number }
  | {
      readonly do: "grant";
      readonly kind: "paid" | "free";
      readonly credits: number;
      readonly days: number;
    }
  | { readonly do: "add_card"; readonly behaves: CardBehaviour }
  | { readonly do: "choose_card" | "remove_card" }
  | { readonly do: "card_behaves"; readonly as: CardBehaviour }
  | { readonly do: "confirm" | "call_off" }
  | {
      readonly do: "answer_bank";
      readonly answer: "approve" | "fail";
      readonly comesBack: boolean;
    }
  | { readonly do: "refund_there"; readonly percent: number }
  | { readonly do: "refund_fails" | "refund_here" }
  | { readonly do: "dispute"; readonly percent: number; readonly isInquiry: boolean }
  | { readonly do: "end_dispute"; readonly as: "won" | "lost" }
  | { readonly do: "when_out"; readonly value: "pause" | "finish" };

/**
 * So long, or up to the n-th thing that happens by itself to an account, and milliseconds beside it.
 * Once it was lived through it is known until when.
 */
export type Pause =
  | { readonly ms: number }
  | { readonly until: number }
  | { readonly of: number; readonly due: number; readonly aside: number };

export interface Fault {
  readonly hits: "customers" | "worker";
  /** What becomes of the next calls to the gateway. */
  readonly fates: readonly Fate[];
  /** Whoever is hit may die as well. */
  readonly death: Death | null;
}

export interface Round {
  readonly pause: Pause;
  /** Who looks after everything at its end; nobody may do so for days. */
  readonly workers: "nobody" | "one" | "two";
  readonly fault: Fault | null;
  /** How the gateway's events arrive: at once, twice and backwards, or only when they are looked for. */
  readonly events: "come" | "come_twice" | "are_lost";
  /** Whether the gateway answers when its payments and events are to be listed. */
  readonly isListing: boolean;
  /** Whether there is time for scans to run to their end. */
  readonly isScanning: boolean;
}

/** What becomes of an account: acts, each in a round. */
export interface Life {
  readonly account: number;
  readonly acts: readonly { readonly round: number; readonly act: Act }[];
}

export interface History {
  readonly rounds: readonly Round[];
  /** From that round until that one everything costs more. */
  readonly dear: { readonly from: number; readonly until: number };
  readonly lives: readonly Life[];
}

const oneOf = fc.constantFrom;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const rarely = (oneIn: number) => fc.nat({ max: oneIn - 1 }).map((n) => n === oneIn - 1);

const triggers = oneOf(
  { whenOut: true, beforeExpiry: true },
  { whenOut: true, beforeExpiry: true },
  { whenOut: true, beforeExpiry: false },
  { whenOut: false, beforeExpiry: true },
  { whenOut: false, beforeExpiry: true },
);

const settings: fc.Arbitrary<ModelSettings> = fc
  .record({
    on: rarely(6).map((isOff) => !isOff),
    quantity: oneOf(1, 3, 5, 5, 10),
    triggers,
    threshold: oneOf(0, 0, 0, 2, 6),
    limit: oneOf(null, null, null, 70_00, 160_00),
  })
  .map(({ triggers: chosen, ...rest }) => ({ ...rest, ...chosen }));

const card = fc.oneof(
  often(7, oneOf<CardBehaviour>("good")),
  often(2, oneOf<CardBehaviour>("soft")),
  often(1, oneOf<CardBehaviour>("hard", "asks")),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  often(8, fc.record({ do: oneOf("save" as const), settings })),
  often(24, fc.record({ do: oneOf("spend" as const), credits: fc.integer({ min: 1, max: 5 }) })),
  often(
    6,
    fc.record({
      do: oneOf("scan" as const),
      scans: oneOf(1, 1, 2, 3),
      minutes: oneOf(59, 60, 61, 90, 150, 299),
      fails: rarely(4),
    }),
  ),
  often(6, fc.record({ do: oneOf("buy" as const), quantity: oneOf(1, 2, 5, 10) })),
  often(
    9,
    fc.record({
      do: oneOf("grant" as const),
      kind: oneOf("paid" as const, "paid" as const, "free" as const),
      credits: oneOf(1, 2, 3, 6),
      days: oneOf(2, 5, 20, 60, 180),
    }),
  ),
  often(5, fc.record({ do: oneOf("add_card" as const), behaves: card })),
  often(2, fc.record({ do: oneOf("choose_card" as const, "remove_card" as const) })),
  often(8, fc.record({ do: oneOf("card_behaves" as const), as: card })),
  often(5, fc.record({ do: oneOf("confirm" as const, "confirm" as const, "call_off" as const) })),
  often(
    5,
    fc.record({
      do: oneOf("answer_bank" as const),
      answer: oneOf("approve" as const, "approve" as const, "fail" as const),
      comesBack: fc.boolean(),
    }),
  ),
  often(2, fc.record({ do: oneOf("refund_there" as const), percent: oneOf(20, 33, 50, 100) })),
  often(2, fc.record({ do: oneOf("refund_fails" as const, "refund_here" as const) })),
  often(
    1,
    fc.record({
      do: oneOf("dispute" as const),
      percent: oneOf(50, 100, 100),
      isInquiry: rarely(3),
    }),
  ),
  often(
    6,
    fc.record({
      do: oneOf("end_dispute" as const),
      as: oneOf("won" as const, "won" as const, "lost" as const),
    }),
  ),
  often(
    2,
    fc.record({
      do: oneOf("when_out" as const),
      value: oneOf("pause" as const, "pause" as const, "finish" as const),
    }),
  ),
);

const pause: fc.Arbitrary<Pause> = fc.oneof(
  often(6, fc.record({ of: fc.nat({ max: 99 }), due: oneOf(0, 0, 0, 1), aside: oneOf(-1, 0, 1) })),
  often(5, fc.record({ ms: oneOf(1, MINUTE, 31 * MINUTE, HOUR - 1, HOUR, 5 * HOUR) })),
  often(10, fc.record({ ms: fc.integer({ min: 8 * HOUR, max: 2 * DAY }) })),
  often(5, fc.record({ ms: fc.integer({ min: 2 * DAY, max: 5 * DAY }) })),
  often(1, fc.record({ ms: fc.integer({ min: 7 * DAY, max: 30 * DAY }) })),
);

const fault: fc.Arbitrary<Fault> = fc.record({
  hits: oneOf("customers" as const, "worker" as const, "worker" as const),
  fates: fc.array(oneOf<Fate>("answered", "answered", "never_arrives", "answer_lost"), {
    maxLength: 8,
  }),
  death: fc.option(
    fc.record({
      at: fc.nat({ max: 25 }),
      when: oneOf("before" as const, "after" as const),
    }),
  ),
});

const round: fc.Arbitrary<Round> = fc.record({
  pause,
  workers: oneOf("nobody", "one", "one", "one", "one", "two", "two"),
  fault: fc.oneof(often(4, oneOf(null)), often(1, fault)),
  events: oneOf("come", "come_twice", "are_lost"),
  isListing: rarely(6),
  isScanning: rarely(30),
});

/** Most begin with credits, a card and everything switched on, so that most of it is about buying. */
const beginning: fc.Arbitrary<readonly Act[]> = fc
  .record({
    credits: oneOf(1, 3, 5, 10),
    days: oneOf(10, 30, 100, 200, 365),
    behaves: card,
    settings,
  })
  .map(({ credits, days, behaves, settings: wanted }) => [
    { do: "grant", kind: "paid", credits, days },
    { do: "add_card", behaves },
    { do: "save", settings: { ...wanted, on: true } },
  ]);

const many = <T>(arbitrary: fc.Arbitrary<T>, count: number) =>
  fc.noBias(fc.array(arbitrary, { minLength: count, maxLength: count }));

export interface HistorySize {
  readonly rounds: number;
  readonly accounts: number;
  /** Of each account. */
  readonly acts: number;
}

export function arbitraryHistory({ rounds, accounts, acts }: HistorySize): fc.Arbitrary<History> {
  const life: fc.Arbitrary<Life["acts"]> = fc
    .tuple(beginning, many(fc.record({ round: fc.nat({ max: rounds - 1 }), act }), acts))
    .map(([first, rest]) => [...first.map((one) => ({ round: 0, act: one })), ...rest]);
  const anyRound = fc.nat({ max: 2 * rounds });
  return fc.record({
    lives: many(life, accounts).map((lives) =>
      lives.map((ofAccount, account) => ({ account, acts: ofAccount })),
    ),
    rounds: many(round, rounds),
    dear: fc.record({ from: anyRound, until: oneOf(2 * rounds + 1) }),
  });
}

/** The same for the same seed. */
export function historyOf(seed: number, size: HistorySize): History {
  const [history] = fc.sample(arbitraryHistory(size), { seed, numRuns: 1 });
  if (history === undefined) throw new Error("There is always a history.");
  return history;
}
