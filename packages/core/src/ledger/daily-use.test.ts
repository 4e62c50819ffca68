import { describe, expect, test } from "vitest";
import { aLot, at, noon } from "../testing/builders.ts";
import { type DailyUseFacts, dailyUses, type Movement } from "./daily-use.ts";
import { keptReasons } from "./posting.ts";

const DAY_MINUTES = 24 * 60;
/** Three days that begin at noon; half of the last one is over. */
const starts = [0, 1, 2].map((day) => at(day * DAY_MINUTES));
const now = at(2.5 * DAY_MINUTES);

function moved(about: Partial<Movement>): Movement {
  const usual = { at: noon, reason: null, isDebt: false, amount: 1 };
  return { ...usual, kind: "debit", from: "customer", to: "usage", ...about };
}

const uses = (about: Partial<DailyUseFacts>) =>
  dailyUses({ starts, movements: [], lots: [], now, ...about });

/** The first day's line, of an account that has ten credits now. */
const lineOf = (...movements: readonly Movement[]) => {
  const { balanceAtStart, days } = uses({ movements, lots: [aLot({ remaining: 10 })] });
  const { used, added, expired, other } = days[0] ?? {};
  return { line: [used, added, expired, other], balanceAtStart };
};

describe("a day", () => {
  test("has what begins with it, up to the millisecond before the next one", () => {
    const movements = [-1, 0, DAY_MINUTES * 60_000 - 1, DAY_MINUTES * 60_000].map((ms) =>
      moved({ at: at(0, ms) }),
    );
    expect(uses({ movements }).days.map(({ used }) => used)).toEqual([2, 1, 0]);
  });

  test("ends with what is available now, counted back", () => {
    const movements = [
      moved({ kind: "grant", from: "purchases", to: "customer", amount: 20 }),
      moved({ at: at(DAY_MINUTES), amount: 3 }),
      moved({ at: at(2 * DAY_MINUTES), amount: 2 }),
    ];
    const { balanceAtStart, days } = uses({ movements, lots: [aLot({ remaining: 15 })] });
    expect(balanceAtStart).toBe(0);
    expect(days.map(({ balanceAtEnd }) => balanceAtEnd)).toEqual([20, 17, 15]);
  });

  test("takes returned hours off those that were used", () => {
    const returned = moved({ kind: "return", from: "usage", to: "customer", amount: 2 });
    expect(lineOf(moved({ amount: 3 }), returned).line).toEqual([1, 0, 0, 0]);
    expect(lineOf(returned).line).toEqual([-2, 0, 0, 0]);
  });

  test("counts an hour that is owed as used, though it left no lot", () => {
    const { line, balanceAtStart } = lineOf(moved({ isDebt: true }));
    expect(line).toEqual([1, 0, 0, 1]);
    expect(balanceAtStart).toBe(10);
  });

  test("counts what was bought whole, and what of it repaid debt apart", () => {
    const bought = [
      moved({ kind: "grant", from: "purchases", to: "customer", amount: 10 }),
      moved({ kind: "grant", from: "customer", to: "customer", amount: 2 }),
    ];
    expect(lineOf(...bought)).toEqual({ line: [0, 10, 0, -2], balanceAtStart: 2 });
  });

  test("has what was forfeited or kept at its date as expired, and what was revived as added", () => {
    const gone = moved({ kind: "breakage", to: "breakage", amount: 4 });
    const kept = moved({ kind: "freeze", to: "holds", amount: 3, reason: keptReasons.frozen });
    const back = { kind: "release", from: "holds", to: "customer", amount: 3 } as const;
    expect(lineOf(gone).line).toEqual([0, 0, 4, 0]);
    expect(lineOf(kept).line).toEqual([0, 0, 3, 0]);
    expect(lineOf(moved({ ...back, reason: keptReasons.revived })).line).toEqual([0, 3, 0, 0]);
  });

  test("does not lose again what was kept too long", () => {
    const reason = keptReasons.forfeited;
    const [amount, kind] = [3, "breakage"] as const;
    const postings = [
      moved({ kind, reason, amount, from: "holds", to: "customer" }),
      moved({ kind, reason, amount, to: "breakage" }),
    ];
    expect(lineOf(...postings)).toEqual({ line: [0, 0, 0, 0], balanceAtStart: 10 });
  });

  test.each([
    ["a refund", moved({ kind: "reversal", to: "refunds", amount: 5 }), -5],
    ["a dispute", moved({ kind: "freeze", to: "holds", amount: 5 }), -5],
    ["its end", moved({ kind: "release", from: "holds", to: "customer", amount: 5 }), 5],
    ["a correction", moved({ kind: "adjustment", to: "adjustments", amount: 5 }), -5],
  ])("has %s among the rest", (_, movement, other) => {
    expect(lineOf(movement).line).toEqual([0, 0, 0, other]);
  });

  test("loses a lot at its date, whether or not that is booked yet", () => {
    const lots = [aLot({ remaining: 4, expiresAt: at(DAY_MINUTES) }), aLot({ id: "b" })];
    const { balanceAtStart, days } = uses({ lots });
    expect(balanceAtStart).toBe(14);
    expect(days.map(({ expired, balanceAtEnd }) => [expired, balanceAtEnd])).toEqual([
      [0, 14],
      [4, 10],
      [0, 10],
    ]);
  });
});
