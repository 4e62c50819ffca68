/**
 * Random histories of a few accounts: what people and runners ask for, and how time passes between.
 * Edges meet often, because nearly everything happens around half hours or a millisecond beside
 * something that is due.
 */
import fc from "fast-check";
import { settings } from "../settings.ts";
import type { By, Fault, Kind, Mode } from "./ledger-model.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The number of a target that no account has. */
export const UNKNOWN = 9;
/** Which runners are heard: a bit for each of four, by the number of the scan. */
export const EVERYBODY = 0b1111;
export const NOBODY = 0;

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

export type Wish =
  | ({ do: "start"; target: number; key: number; label: number } & OfAccount)
  | ({ do: "beat" | "stop" } & OfScan)
  | ({ do: "pause" | "resume"; by: By } & OfScan)
  | ({ do: "finish"; outcome: Outcome; fault: Fault } & OfScan)
  | ({ do: "grant"; credits: number; kind: Kind; lives: Moment; key: number } & OfAccount)
  | ({ do: "adjust"; credits: number; lives: Moment } & OfAccount)
  | ({
      do: "refund" | "dispute";
      /** The newest purchase of the account first. */
      lot: number;
      number: number;
      amount: number;
      ended: "lost" | "won" | null;
    } & OfAccount)
  | ({ do: "keep-expired"; value: boolean } & OfAccount)
  | ({ do: "revive"; lives: Moment } & OfAccount)
  | ({ do: "when-out"; value: "pause" | "finish" } & OfAccount)
  | ({ do: "target-mode"; target: number; mode: Mode } & OfAccount)
  | ({ do: "archive"; target: number } & OfAccount);

/** So long from now, or so many milliseconds beside the n-th thing that will happen by itself. */
export type Moment = { readonly ms: number } | { readonly due: number; readonly aside: number };

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

const adjust: fc.Arbitrary<Wish> = fc.record({
  do: oneOf("adjust" as const),
  account,
  credits: oneOf(-3, -2, -1, -1, 1, 2),
  lives: fc.oneof(often(4, inMs(aLongTime)), often(1, aDue)),
});

/** Mostly whole purchases and single credits, and now and then half a credit, which is rounded. */
const amount = fc.oneof(
  often(3, oneOf(100, 200, 300, 800)),
  often(1, oneOf(49, 50, 151)),
  often(1, fc.integer({ min: 1, max: 900 })),
);

const money: fc.Arbitrary<Wish> = fc.record({
  do: oneOf("refund" as const, "dispute" as const, "dispute" as const),
  account,
  lot: fc.nat({ max: 2 }),
  number: fc.nat({ max: 1 }),
  amount,
  ended: oneOf("lost" as const, "won" as const, null, null),
});

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

const keepExpired: fc.Arbitrary<Wish> = fc.record({
  do: oneOf("keep-expired" as const),
  account,
  value: oneOf(true, true, false),
});

/** Whether expired credits are kept, and payments that revive some. */
const keeping: fc.Arbitrary<Wish> = fc.oneof(
  often(1, keepExpired),
  often(
    3,
    fc.record({
      do: oneOf("revive" as const),
      account,
      lives: fc.oneof(often(3, inMs(aLongTime)), often(1, inMs(oneOf(0)))),
    }),
  ),
);

/** The poor account often runs into debt, the other hardly ever. */
const firstSetting: fc.Arbitrary<Wish> = oneOf(
  "finish" as const,
  "finish" as const,
  "pause" as const,
).map((value) => ({ do: "when-out", account: 1, value }));

/** What happens to the accounts, one thing after another. */
export function arbitrarySteps(length: number): fc.Arbitrary<Step[]> {
  const wish = fc.oneof(
    often(6, start),
    often(6, move),
    often(4, grant),
    often(1, adjust),
    often(3, money),
    often(1, setting),
    often(2, keeping),
  );
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
    .tuple(grant, firstSetting, keepExpired, steps)
    .map(([one, two, three, rest]) => [
      ...[one, two, three].map(act),
      ...rest.filter((each) => each !== null),
    ]);
}

const act = (wish: Wish): Step => ({ step: "act", wish });
