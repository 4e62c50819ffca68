/**
 * A purchase whose money goes back and forth while its owner spends, buys and lets lots expire. The
 * books here are kept from the entries alone, as the database keeps them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LotId } from "../ids.ts";
import type { Lot } from "../ledger/lot.ts";
import type { Entry } from "../ledger/posting.ts";
import { minor } from "../pricing/money.ts";
import { aLot, at, lotId } from "../testing/builders.ts";
import { credits, type Instant } from "../units.ts";
import { reversalEntries } from "./reversal-entries.ts";
import { planReversal, type Reversed } from "./reversal-plan.ts";
import { type PurchaseMoney, reversalTarget } from "./reversal-target.ts";

const QUANTITY = 10;
const PRICE = 95_00;

const happening = fc.oneof(
  fc.record({
    what: fc.constant("refund" as const),
    amount: fc.integer({ min: 1, max: PRICE }),
    status: fc.constantFrom("pending", "succeeded", "failed"),
    which: fc.nat(2),
    own: fc.option(fc.integer({ min: 1, max: 4 })),
  }),
  fc.record({
    what: fc.constant("dispute" as const),
    amount: fc.integer({ min: 1, max: PRICE }),
    status: fc.constantFrom("needs_response", "under_review", "won", "lost", "warning_closed"),
    which: fc.nat(2),
  }),
  fc.record({ what: fc.constant("spend" as const), amount: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ what: fc.constant("buy" as const), amount: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ what: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 90 }) }),
);

class Books {
  readonly lots = new Map<LotId, Lot>();
  debt = 0;
  taken = 0;
  now: Instant = at(0);
  reversed: Reversed = { lotId: lotId("own"), postings: 0, taken: [], holds: [] };
  readonly refunds = new Map<number, PurchaseMoney["refunds"][number]>();
  readonly disputes = new Map<number, PurchaseMoney["disputes"][number]>();

  constructor() {
    this.grant("own", QUANTITY, 300);
    this.grant("free", 5, 100, "free");
    this.grant("older", 4, 60);
  }

  grant(id: string, amount: number, life: number, kind: "paid" | "free" = "paid"): void {
    const expiresAt = at((this.now - at(0)) / 60_000 + life);
    const repaid = kind === "paid" ? Math.min(amount, this.debt) : 0;
    this.debt -= repaid;
    const lot = aLot({ id, kind, granted: amount, remaining: amount - repaid, expiresAt });
    this.lots.set(lot.id, lot);
  }

  purchase(): PurchaseMoney {
    return {
      quantity: credits(QUANTITY),
      totalMinor: minor(PRICE),
      refunds: [...this.refunds.values()],
      disputes: [...this.disputes.values()],
    };
  }

  spend(amount: number): void {
    let owed = amount;
    for (const lot of this.lots.values()) {
      const part = lot.expiresAt > this.now ? Math.min(owed, lot.remaining) : 0;
      this.lots.set(lot.id, { ...lot, remaining: credits(lot.remaining - part) });
      owed -= part;
    }
  }

  forfeit(): void {
    for (const lot of this.lots.values()) {
      if (lot.expiresAt <= this.now) this.lots.set(lot.id, { ...lot, remaining: credits(0) });
    }
  }

  reverse(): Entry[] {
    const { moves, reversed } = planReversal({
      purchase: this.purchase(),
      reversed: this.reversed,
      lots: this.lots.values(),
      debt: credits(this.debt),
      at: this.now,
    });
    const entries = reversalEntries(moves);
    for (const entry of entries) this.#apply(entry);
    this.reversed = reversed;
    return entries;
  }

  #apply({ from, to, amount, lotId: id }: Entry): void {
    expect(amount).toBeGreaterThan(0);
    const signed = to === "customer" ? amount : -amount;
    if (from === "refunds" || to === "refunds") this.taken -= signed;
    if (id === null) {
      this.debt -= signed;
      expect(this.debt).toBeGreaterThanOrEqual(0);
      return;
    }
    const lot = this.lots.get(id) as Lot;
    const isHold = from === "holds" || to === "holds";
    const remaining = credits(lot.remaining + signed);
    const frozen = credits(lot.frozen - (isHold ? signed : 0));
    expect(remaining + frozen).toBeLessThanOrEqual(lot.granted);
    this.lots.set(id, { ...lot, remaining, frozen });
  }

  happen(one: typeof happening extends fc.Arbitrary<infer One> ? One : never, index: number): void {
    switch (one.what) {
      case "refund": {
        const { amount, status, which, own } = one;
        const known = this.refunds.get(which);
        const facts = {
          id: `re_${which}`,
          amountMinor: minor(amount),
          credits: own === null ? null : credits(own),
        };
        this.refunds.set(which, { ...(known ?? facts), status });
        return;
      }
      case "dispute": {
        const { amount, status, which } = one;
        const known = this.disputes.get(which);
        this.disputes.set(which, {
          ...(known ?? { id: `dp_${which}`, amountMinor: minor(amount) }),
          status,
        });
        return;
      }
      case "spend":
        this.spend(one.amount);
        return;
      case "buy":
        this.grant(`bought-${index}`, one.amount, 120);
        return;
      case "wait":
        this.now = at((this.now - at(0)) / 60_000 + one.minutes);
        this.forfeit();
    }
  }

  frozenOf(id?: LotId): number {
    return this.reversed.holds
      .flatMap(({ draws }) => draws)
      .filter((draw) => id === undefined || draw.lotId === id)
      .reduce((sum, { amount }) => sum + amount, 0);
  }
}

test("the credits that are gone are always the target, and what is frozen is what the holds say", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 25 }), (all) => {
      const books = new Books();
      for (const [index, one] of all.entries()) {
        books.happen(one, index);
        books.reverse();
        const target = reversalTarget(books.purchase());
        expect(books.taken).toBe(target);
        expect(books.frozenOf() + target).toBeLessThanOrEqual(QUANTITY);
        for (const lot of books.lots.values()) {
          expect(lot.frozen).toBe(books.frozenOf(lot.id));
          if (lot.kind === "free") expect(lot.frozen).toBe(0);
        }
        // Asked again, nothing is left to do.
        expect(books.reverse()).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("a dispute freezes exactly its share when it is there, and a win undoes exactly that", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: PRICE }),
      fc.nat(25),
      fc.nat(8),
      (amount, spentBefore, spentMeanwhile) => {
        const books = new Books();
        books.spend(spentBefore);
        const dispute = { id: "dp_0", amountMinor: minor(amount) };
        const paid = () =>
          [...books.lots.values()]
            .filter(({ kind }) => kind === "paid")
            .reduce((sum, { remaining }) => sum + remaining, 0);
        const share = Math.floor(QUANTITY * (amount / PRICE) + 0.5);
        const expected = Math.min(share, paid());

        books.disputes.set(0, { ...dispute, status: "needs_response" });
        books.reverse();
        expect(books.frozenOf()).toBe(expected);

        books.spend(spentMeanwhile);
        const before = [...books.lots.values()];
        books.disputes.set(0, { ...dispute, status: "won" });
        books.reverse();
        expect([...books.lots.values()]).toEqual(
          before.map((lot) => ({
            ...lot,
            remaining: lot.remaining + lot.frozen,
            frozen: 0,
          })),
        );
        expect(books.debt).toBe(0);
      },
    ),
  );
});
