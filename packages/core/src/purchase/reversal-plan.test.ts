import { describe, expect, test } from "vitest";
import { SpentLotsNotRead } from "../ledger/journal.ts";
import type { Lot } from "../ledger/lot.ts";
import { minor } from "../pricing/money.ts";
import { aLot, at, type LotFacts, lotId, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import type { Move } from "./reversal-desk.ts";
import { reversalEntries } from "./reversal-entries.ts";
import { planReversal, type Reversed } from "./reversal-plan.ts";

const untouched: Reversed = { lotId: lotId("own"), postings: 0, taken: [], holds: [] };

const lot = (facts: LotFacts = {}): Lot => aLot({ granted: 10, ...facts });
const own = (facts: LotFacts = {}) => lot({ id: "own", ...facts });

interface Planning {
  readonly refunded?: number;
  readonly disputes?: Readonly<Record<string, readonly [amount: number, status: string]>>;
  readonly reversed?: Partial<Reversed>;
  readonly lots?: readonly Lot[];
  readonly debt?: number;
}

/** Ten credits for 100.00, so that 10.00 stands for a credit. */
function planned({ refunded = 0, disputes = {}, reversed, lots = [own()], debt = 0 }: Planning) {
  return planReversal({
    purchase: {
      quantity: credits(10),
      totalMinor: minor(100_00),
      refunds:
        refunded === 0
          ? []
          : [{ id: "re", amountMinor: minor(refunded), status: "succeeded", credits: null }],
      disputes: Object.entries(disputes).map(([id, [amount, status]]) => ({
        id,
        amountMinor: minor(amount),
        status,
      })),
    },
    reversed: { ...untouched, ...reversed },
    lots,
    debt: credits(debt),
    at: noon,
  });
}

const move = (kind: Move["kind"], letter: string | null, amount: number): Move => ({
  kind,
  lotId: letter === null ? null : lotId(letter),
  amount: credits(amount),
});
const part = (letter: string, amount: number) => ({
  lotId: lotId(letter),
  amount: credits(amount),
});
const debtPart = (amount: number) => ({ lotId: null, amount: credits(amount) });

describe("a refund takes back", () => {
  test("unused credits of the purchase first, then other paid ones as a debit would, then debt", () => {
    const lots = [
      own({ remaining: 4 }),
      lot({ id: "later", remaining: 2, expiresAt: at(200) }),
      lot({ id: "sooner", remaining: 1, expiresAt: at(100) }),
      lot({ id: "gift", kind: "free", remaining: 9 }),
      lot({ id: "over", remaining: 5, expiresAt: noon }),
    ];
    expect(planned({ refunded: 100_00, lots })).toEqual({
      moves: [
        move("take", "own", 4),
        move("take", "sooner", 1),
        move("take", "later", 2),
        move("take", null, 3),
      ],
      reversed: {
        lotId: lotId("own"),
        postings: 1,
        taken: [part("own", 4), part("sooner", 1), part("later", 2), debtPart(3)],
        holds: [],
      },
    });
  });

  test("only what is missing, so that hearing of it twice takes nothing twice", () => {
    const reversed = { postings: 1, taken: [part("own", 3)] };
    const again = planned({ refunded: 30_00, reversed });
    expect(again.moves).toEqual([]);
    expect(again.reversed).toEqual({ ...untouched, ...reversed });
    expect(planned({ refunded: 50_00, reversed }).moves).toEqual([move("take", "own", 2)]);
  });
});

describe("a refund that failed gives back", () => {
  test("to where it was taken from, the last first", () => {
    const reversed = { postings: 1, taken: [part("own", 4), part("other", 1)] };
    const lots = [own({ remaining: 0 }), lot({ id: "other", remaining: 0 })];
    expect(planned({ reversed, lots })).toEqual({
      moves: [move("give_back", "other", 1), move("give_back", "own", 4)],
      reversed: { ...untouched, postings: 2, taken: [] },
    });
    expect(planned({ refunded: 20_00, reversed, lots }).reversed.taken).toEqual([part("own", 2)]);
  });

  test("off the debt, and to the purchase what was repaid of it meanwhile", () => {
    const reversed = { postings: 1, taken: [debtPart(5)] };
    expect(planned({ reversed, debt: 5 }).moves).toEqual([move("give_back", null, 5)]);
    expect(planned({ reversed, debt: 2, lots: [own({ remaining: 7 })] }).moves).toEqual([
      move("give_back", null, 2),
      move("give_back", "own", 3),
    ]);
  });

  test("to another paid lot when its own has no room left", () => {
    const reversed = { postings: 1, taken: [part("own", 2)] };
    const lots = [own({ remaining: 8, frozen: 1 }), lot({ id: "other", remaining: 3 })];
    expect(planned({ reversed, lots }).moves).toEqual([
      move("give_back", "own", 1),
      move("give_back", "other", 1),
    ]);
  });

  test("only when the lots it may go to have been read", () => {
    const reversed = { postings: 1, taken: [part("own", 2)] };
    expect(() => planned({ reversed, lots: [] })).toThrow(SpentLotsNotRead);
    expect(() => planned({ reversed, lots: [own({ remaining: 10 })] })).toThrow(SpentLotsNotRead);
  });
});

describe("an open dispute", () => {
  const open = { dp: [40_00, "needs_response"] } as const;

  test("freezes as many credits as its money stands for", () => {
    expect(planned({ disputes: open })).toEqual({
      moves: [move("freeze", "own", 4)],
      reversed: {
        ...untouched,
        postings: 1,
        holds: [{ disputeId: "dp", draws: [part("own", 4)] }],
      },
    });
  });

  test("freezes what is left of the purchase, then other paid credits, and no debt", () => {
    const lots = [own({ remaining: 1 }), lot({ id: "b", remaining: 2 })];
    const { moves, reversed } = planned({ disputes: open, lots });
    expect(moves).toEqual([move("freeze", "own", 1), move("freeze", "b", 2)]);
    expect(reversed.holds[0]?.draws).toEqual([part("own", 1), part("b", 2)]);
  });

  test("freezes once, even when there was nothing to freeze", () => {
    const first = planned({ disputes: open, lots: [own({ remaining: 0 })] });
    expect(first.moves).toEqual([]);
    expect(first.reversed).toMatchObject({ postings: 0, holds: [{ disputeId: "dp", draws: [] }] });
    expect(planned({ disputes: open, reversed: first.reversed }).moves).toEqual([]);
  });

  test("freezes for a status we have never heard of, and not for an inquiry", () => {
    expect(planned({ disputes: { dp: [10_00, "new"] } }).moves).toEqual([move("freeze", "own", 1)]);
    expect(planned({ disputes: { dp: [10_00, "warning_under_review"] } }).moves).toEqual([]);
  });

  test("and another on the same payment freeze no more than the purchase together", () => {
    const disputes = { a: [60_00, "needs_response"], b: [60_00, "under_review"] } as const;
    expect(planned({ disputes, lots: [own(), lot({ id: "b" })] }).reversed.holds).toEqual([
      { disputeId: "a", draws: [part("own", 6)] },
      { disputeId: "b", draws: [part("own", 4)] },
    ]);
  });

  test("freezes nothing of what was refunded before", () => {
    const reversed = { postings: 1, taken: [part("own", 8)] };
    const disputes = { dp: [100_00, "needs_response"] } as const;
    const { moves } = planned({ refunded: 80_00, disputes, reversed });
    expect(moves).toEqual([move("freeze", "own", 2)]);
  });

  test("lets go what is refunded meanwhile", () => {
    const reversed = { holds: [{ disputeId: "dp", draws: [part("own", 6), part("b", 2)] }] };
    const lots = [own({ remaining: 0, frozen: 6 }), lot({ id: "b", remaining: 3, frozen: 2 })];
    const disputes = { dp: [80_00, "needs_response"] } as const;
    expect(planned({ refunded: 50_00, disputes, reversed, lots })).toMatchObject({
      moves: [
        move("release", "own", 1),
        move("release", "b", 2),
        move("take", "own", 1),
        move("take", "b", 4),
      ],
      reversed: { holds: [{ draws: [part("own", 5)] }] },
    });
  });
});

describe("a dispute that ends", () => {
  const holds = [{ disputeId: "dp", draws: [part("own", 1), part("b", 2)] }];
  const lots = [own({ remaining: 0, frozen: 1 }), lot({ id: "b", remaining: 5, frozen: 2 })];
  const ended = (status: string, change: Planning = {}) =>
    planned({ disputes: { dp: [40_00, status] }, reversed: { holds }, lots, ...change });

  test.each(["won", "warning_closed"])("as %s gives exactly what was frozen back", (status) => {
    expect(ended(status)).toEqual({
      moves: [move("release", "own", 1), move("release", "b", 2)],
      reversed: { ...untouched, postings: 1, holds: [] },
    });
  });

  test.each(["lost", "prevented"])("as %s takes what was frozen first", (status) => {
    const more = [...lots, own({ id: "a", remaining: 9, expiresAt: at(1) })];
    expect(ended(status, { lots: more })).toMatchObject({
      moves: [
        move("release", "own", 1),
        move("release", "b", 2),
        move("take", "own", 1),
        move("take", "b", 2),
        move("take", "a", 1),
      ],
      reversed: { holds: [], taken: [part("own", 1), part("b", 2), part("a", 1)] },
    });
  });

  test("as lost takes what was frozen even of a lot that has expired meanwhile", () => {
    const over = [own({ remaining: 0, frozen: 1, expiresAt: noon }), ...lots.slice(1)];
    expect(ended("lost", { lots: over }).moves).toContainEqual(move("take", "own", 1));
  });

  test("as lost with nothing left makes the rest a debt", () => {
    const reversed = { holds: [{ disputeId: "dp", draws: [] }] };
    expect(ended("lost", { reversed, lots: [own({ remaining: 0 })] }).moves).toEqual([
      move("take", null, 4),
    ]);
  });

  test("leaves the hold of another dispute alone", () => {
    const two = [...holds, { disputeId: "other", draws: [part("b", 1)] }];
    const frozen = [own({ remaining: 0, frozen: 1 }), lot({ id: "b", remaining: 5, frozen: 3 })];
    const { reversed } = planned({
      disputes: { dp: [40_00, "won"], other: [10_00, "needs_response"] },
      reversed: { holds: two },
      lots: frozen,
    });
    expect(reversed.holds).toEqual(two.slice(1));
  });

  test("as lost and is then appealed gives back and freezes anew", () => {
    const reversed = { postings: 2, taken: [part("own", 4)] };
    const appealed = { dp: [40_00, "appeal_under_review"] } as const;
    const { moves } = planned({ disputes: appealed, reversed, lots: [own({ remaining: 6 })] });
    expect(moves).toEqual([move("give_back", "own", 4), move("freeze", "own", 4)]);
  });
});

test("each move is an entry between the customer and where the credits go", () => {
  const moves = [
    move("release", "own", 1),
    move("take", null, 2),
    move("give_back", "own", 3),
    move("freeze", "own", 4),
  ];
  expect(reversalEntries(moves)).toEqual([
    { from: "holds", to: "customer", amount: 1, lotId: lotId("own") },
    { from: "customer", to: "refunds", amount: 2, lotId: null },
    { from: "refunds", to: "customer", amount: 3, lotId: lotId("own") },
    { from: "customer", to: "holds", amount: 4, lotId: lotId("own") },
  ]);
});
