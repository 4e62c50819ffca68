/**
 * Whatever is tried on the books, what they hold is what their entries say. The sums are done here,
 * entry by entry, with no help from the books.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BrokenInvariant } from "../invariant.ts";
import { arbitraryLots } from "../testing/arbitraries.ts";
import { at, books, lotId, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import type { Journal } from "./journal.ts";
import { type Entry, keptReasons, ledgerAccounts } from "./posting.ts";

const arbitraryEntry: fc.Arbitrary<Entry> = fc.record({
  from: fc.oneof(fc.constant("customer" as const), fc.constantFrom(...ledgerAccounts)),
  to: fc.oneof(fc.constant("customer" as const), fc.constantFrom(...ledgerAccounts)),
  amount: fc.integer({ min: 0, max: 4 }).map(credits),
  lotId: fc.option(fc.constantFrom("a", "b", "c", "d").map(lotId)),
});

interface Draft {
  readonly entries: readonly Entry[];
  readonly reason: string;
}

const arbitraryDrafts: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    entries: fc.array(arbitraryEntry, { maxLength: 3 }),
    reason: fc.constantFrom("another", ...Object.values(keptReasons)),
  }),
  { maxLength: 25 },
);

/** Books what can be booked, each draft on books of its own, so that a refused one leaves no trace. */
function bookAll(drafts: readonly Draft[], opened: () => Journal): Journal {
  const kept: Draft[] = [];
  const bookKept = () => {
    const journal = opened();
    kept.forEach((draft, index) => {
      journal.book({ kind: "adjustment", key: `key-${index}`, bookedAt: noon, ...draft });
    });
    return journal;
  };
  for (const draft of drafts) {
    kept.push(draft);
    try {
      bookKept();
    } catch (error) {
      if (!(error instanceof BrokenInvariant) && (error as Error).name !== "SpentLotsNotRead")
        throw error;
      kept.pop();
    }
  }
  return bookKept();
}

const arbitraryBooks = fc
  .record({
    lots: arbitraryLots({ max: 4 }),
    debt: fc.integer({ min: 0, max: 5 }),
    drafts: arbitraryDrafts,
  })
  .map(({ lots, debt, drafts }) => {
    const opened = () => books({ lots, debt, now: at(1) });
    return { opened, drafts };
  });

describe("books", () => {
  test("hold in each lot what was there, plus what came in, minus what went out", () => {
    fc.assert(
      fc.property(arbitraryBooks, ({ opened, drafts }) => {
        const journal = bookAll(drafts, opened);
        for (const before of opened().lots) {
          let expected: number = before.remaining;
          let frozen: number = before.frozen;
          let keptOfIt = 0;
          for (const { entries, reason } of journal.postings) {
            for (const entry of entries) {
              if (entry.lotId !== before.id) continue;
              expected += entry.from === "customer" ? -entry.amount : entry.amount;
              if (entry.to === "holds") frozen += entry.amount;
              if (entry.from === "holds") frozen -= entry.amount;
              if (reason === "another") continue;
              if (entry.to === "holds") keptOfIt += entry.amount;
              if (entry.from === "holds") keptOfIt -= entry.amount;
            }
          }
          const lot = journal.lot(before.id);
          expect(lot.remaining).toBe(expected);
          expect(lot.frozen).toBe(frozen);
          expect(lot.kept).toBe(keptOfIt);
          expect(lot.kept).toBeLessThanOrEqual(lot.frozen);
          expect(Math.min(lot.remaining, lot.kept)).toBeGreaterThanOrEqual(0);
          expect(lot.remaining + lot.frozen).toBeLessThanOrEqual(lot.granted);
        }
      }),
    );
  });

  test("have a balance that is the sum of their lots, after every posting", () => {
    fc.assert(
      fc.property(arbitraryBooks, ({ opened, drafts }) => {
        const journal = bookAll(drafts, opened);
        const sum = [...journal.lots].reduce((all, { remaining }) => all + remaining, 0);
        expect(journal.account.balance).toBe(sum);
        const last = journal.postings.at(-1);
        if (last !== undefined) expect(last.balanceAfter).toBe(sum);
      }),
    );
  });

  test("lose nothing: what all other accounts gained is what the customer has less", () => {
    fc.assert(
      fc.property(arbitraryBooks, ({ opened, drafts }) => {
        const journal = bookAll(drafts, opened);
        const gained = { customer: 0, others: 0 };
        for (const { from, to, amount } of journal.postings.flatMap(({ entries }) => entries)) {
          gained[from === "customer" ? "customer" : "others"] -= amount;
          gained[to === "customer" ? "customer" : "others"] += amount;
        }
        const worth = ({ account }: Journal) => account.balance - account.debt;
        expect(gained.customer + gained.others).toBe(0);
        expect(worth(journal) - worth(opened())).toBe(gained.customer);
      }),
    );
  });

  test("count their versions without a gap", () => {
    fc.assert(
      fc.property(arbitraryBooks, ({ opened, drafts }) => {
        const journal = bookAll(drafts, opened);
        const first = opened().account.version + 1;
        expect(journal.postings.map(({ version }) => version)).toEqual(
          journal.postings.map((_, index) => first + index),
        );
      }),
    );
  });
});
