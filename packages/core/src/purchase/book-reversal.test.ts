import { describe, expect, test } from "vitest";
import { idOf } from "../ids.ts";
import { Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import { minor } from "../pricing/money.ts";
import { aLot, at, type BooksFacts, books, lotId, lotIn, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { bookReversal } from "./book-reversal.ts";
import type { Reversed } from "./reversal-plan.ts";

const untouched: Reversed = { lotId: lotId("own"), postings: 0, taken: [], holds: [] };
const topUpId = idOf("topUp", "t");

interface Happened {
  readonly refunded?: number;
  readonly dispute?: string;
}

/** Ten credits for 100.00, all of it disputed if any of it is. */
function reverse(journal: Journal, { refunded = 0, dispute }: Happened, reversed = untouched) {
  const refund = { id: "re", amountMinor: minor(refunded), status: "succeeded", credits: null };
  return bookReversal(journal, {
    topUpId,
    paymentIntentId: "pi_1",
    reversed,
    purchase: {
      quantity: credits(10),
      totalMinor: minor(100_00),
      refunds: refunded === 0 ? [] : [refund],
      disputes:
        dispute === undefined ? [] : [{ id: "dp", amountMinor: minor(100_00), status: dispute }],
    },
  });
}

const own = (facts: Parameters<typeof aLot>[0] = {}) =>
  aLot({ id: "own", granted: 10, remaining: 10, expiresAt: at(60), ...facts });
const opened = (facts: BooksFacts = {}) => books({ lots: [own()], ...facts });

/** The same books later. */
function later(before: Journal, now: typeof noon): Journal {
  return new Journal(before.account, before.lots, [], now);
}

describe("what became of a purchase's money is booked", () => {
  test("in one posting that names the purchase, under the payment's next number", () => {
    const journal = opened({ debt: 0 });
    const reversed = reverse(journal, { refunded: 30_00 }, { ...untouched, postings: 4 });
    expect(journal.postings).toMatchObject([
      {
        kind: "reversal",
        key: "reversal-pi_1-5",
        topUpId,
        bookedAt: noon,
        entries: [{ from: "customer", to: "refunds", amount: 3, lotId: lotId("own") }],
      },
    ]);
    expect(reversed).toMatchObject({ postings: 5, taken: [{ amount: 3 }] });
  });

  test("once: asked again, nothing is booked", () => {
    const journal = opened();
    const reversed = reverse(journal, { refunded: 30_00 });
    expect(reverse(journal, { refunded: 30_00 }, reversed)).toEqual(reversed);
    expect(journal.postings).toHaveLength(1);
  });

  test("as frozen, then as released, with the same balance before and after", () => {
    const journal = opened();
    const held = reverse(journal, { dispute: "needs_response" });
    expect(lotIn(journal, "own")).toMatchObject({ remaining: 0, frozen: 10 });
    expect(journal.account).toMatchObject({ balance: 0, debt: 0 });
    reverse(journal, { dispute: "won" }, held);
    expect(lotIn(journal, "own")).toMatchObject({ remaining: 10, frozen: 0 });
    expect(journal.postings.map(({ kind }) => kind)).toEqual(["freeze", "release"]);
    expect(journal.account.balance).toBe(10);
  });

  test("as taken when the dispute is lost, and what was spent by then as debt", () => {
    const journal = opened({ lots: [own({ remaining: 4 })] });
    const held = reverse(journal, { dispute: "under_review" });
    reverse(journal, { dispute: "lost" }, held);
    expect(lotIn(journal, "own")).toMatchObject({ remaining: 0, frozen: 0 });
    expect(journal.account).toMatchObject({ balance: 0, debt: 6 });
    expect(journal.postings.at(-1)?.kind).toBe("reversal");
  });
});

describe("credits that come back after their lot's date", () => {
  test("are forfeited with the release that brings them, dated like it", () => {
    const journal = opened();
    const held = reverse(journal, { dispute: "needs_response" });
    const after = later(journal, at(60));
    reverse(after, { dispute: "won" }, held);
    expect(after.postings).toMatchObject([
      { kind: "release", bookedAt: at(60) },
      { kind: "breakage", bookedAt: at(60), entries: [{ amount: 10 }] },
    ]);
    expect(lotIn(after, "own")).toMatchObject({ remaining: 0, frozen: 0 });
  });

  test("a millisecond before it stay", () => {
    const journal = opened();
    const held = reverse(journal, { dispute: "needs_response" });
    const after = later(journal, at(60, -1));
    reverse(after, { dispute: "won" }, held);
    expect(after.postings).toHaveLength(1);
    expect(lotIn(after, "own").remaining).toBe(10);
  });

  test("are taken, not forfeited, when the dispute is lost", () => {
    const journal = opened();
    const held = reverse(journal, { dispute: "needs_response" });
    const after = later(journal, at(99));
    reverse(after, { dispute: "lost" }, held);
    expect(after.postings.map(({ kind }) => kind)).toEqual(["reversal"]);
    expect(after.account).toMatchObject({ balance: 0, debt: 0 });
  });
});

describe("what is kept past its date", () => {
  const DAY = 24 * 60;
  const renewing = (facts: Parameters<typeof aLot>[0]) =>
    opened({ lots: [own({ expiresAt: noon, ...facts })], keepsExpired: true });

  test("is never taken nor frozen for money that goes back", () => {
    for (const happened of [{ refunded: 100_00 }, { dispute: "needs_response" }]) {
      const journal = renewing({ remaining: 0, kept: 10 });
      reverse(journal, happened);
      expect(lotIn(journal, "own")).toMatchObject({ remaining: 0, frozen: 10, kept: 10 });
    }
  });

  test("takes in what a dispute lets go of, in the same lot, and no longer than itself", () => {
    for (const [now, kept] of [
      [at(14 * DAY, -1), 10],
      [at(14 * DAY), 6],
    ] as const) {
      const held = {
        ...untouched,
        holds: [{ disputeId: "dp", draws: [{ lotId: lotId("own"), amount: credits(4) }] }],
      };
      const journal = later(renewing({ remaining: 0, frozen: 10, kept: 6 }), now);
      reverse(journal, { dispute: "won" }, held);
      expect(lotIn(journal, "own")).toMatchObject({ remaining: 0, frozen: kept, kept });
    }
  });

  test("stays as it is when the dispute about its neighbours is lost", () => {
    const held = {
      ...untouched,
      holds: [{ disputeId: "dp", draws: [{ lotId: lotId("own"), amount: credits(4) }] }],
    };
    const journal = renewing({ remaining: 0, frozen: 10, kept: 6 });
    reverse(journal, { dispute: "lost" }, held);
    expect(lotIn(journal, "own")).toMatchObject({ remaining: 0, frozen: 6, kept: 6 });
    expect(journal.account.debt).toBe(6);
  });
});

test("nothing moves before all lots were read, so that what was read never decides who gets what", () => {
  const { account, lots } = opened();
  const unread = new Journal(account, lots, [], noon, false);
  expect(reverse(unread, {})).toEqual(untouched);
  expect(() => reverse(unread, { refunded: 10_00 })).toThrow(SpentLotsNotRead);
});
