import { describe, expect, test } from "vitest";
import { aLot, at, books, lotId, lotIn, noon, reopened } from "../testing/builders.ts";
import { aTopUp } from "../testing/purchases.ts";
import { credits, type Instant, instant } from "../units.ts";
import { balanceAt } from "./balance.ts";
import type { Journal } from "./journal.ts";
import {
  bookExpired,
  bookKeptTooLong,
  decideRevive,
  keptAt,
  keptOf,
  listKeptTooLong,
} from "./kept-credits.ts";
import type { Lot } from "./lot.ts";

const DAY = 24 * 60;
const nextYear = instant(Date.UTC(2027, 2, 11, 12));
const expired = (change: Parameters<typeof aLot>[0] = {}) =>
  aLot({ remaining: 3, expiresAt: noon, ...change });
const kept = (change: Parameters<typeof aLot>[0] = {}) =>
  aLot({ remaining: 0, kept: 3, expiresAt: noon, ...change });

/** The books of somebody who asked for renewal, unless the test says otherwise. */
const renewing = (lots: readonly Lot[], now: Instant, keepsExpired = true) =>
  books({ lots, now, keepsExpired });

const expire = (journal: Journal, lot: Lot) =>
  bookExpired(journal, { lot, amount: lot.remaining, bookedAt: lot.expiresAt });

const revived = (journal: Journal) =>
  decideRevive(journal, {
    paymentIntentId: "pi_1",
    topUpId: aTopUp().id,
    newExpiresAt: nextYear,
  });

describe("at their date", () => {
  test("paid credits are frozen and not forfeited: out of reach, and still in their lot", () => {
    const lot = expired();
    const journal = renewing([lot], at(1));
    expire(journal, lot);
    expect(journal.postings).toMatchObject([
      {
        kind: "freeze",
        bookedAt: noon,
        recordedAt: at(1),
        entries: [{ from: "customer", to: "holds", amount: 3, lotId: lotId("a") }],
        reason: "frozen_at_expiry",
        balanceAfter: 0,
      },
    ]);
    expect(lotIn(journal)).toMatchObject({ remaining: 0, frozen: 3, kept: 3 });
    expect(balanceAt(journal.account, journal.lots, at(1))).toMatchObject({ available: 0 });
  });

  test("they are forfeited for whoever did not ask for renewal, and free ones in any case", () => {
    for (const [lot, keeps] of [
      [expired(), false],
      [expired({ kind: "free" }), true],
    ] as const) {
      const journal = renewing([lot], at(1), keeps);
      expire(journal, lot);
      expect(journal.postings).toMatchObject([{ kind: "breakage", bookedAt: noon }]);
    }
  });

  test("it does not matter how late they are booked: their time began at their date", () => {
    const lot = expired();
    const journal = renewing([lot], at(99 * DAY));
    expire(journal, lot);
    expect(journal.postings).toMatchObject([{ kind: "freeze", bookedAt: noon }]);
    expect(listKeptTooLong(journal)).toHaveLength(1);
  });

  test("a credit that comes back later joins the others and is kept no longer than they are", () => {
    const lot = kept({ remaining: 2 });
    const journal = renewing([lot], at(5 * DAY));
    const comesBack = (bookedAt: Instant) =>
      bookExpired(journal, { lot, amount: credits(1), bookedAt });
    comesBack(at(14 * DAY, -1));
    expect(lotIn(journal)).toMatchObject({ remaining: 1, kept: 4 });
    comesBack(at(14 * DAY));
    expect(journal.postings.map(({ kind }) => kind)).toEqual(["freeze", "breakage"]);
    expect(new Set(journal.postings.map(({ key }) => key)).size).toBe(2);
  });

  test("it goes the way of its neighbours, although renewal was switched off meanwhile", () => {
    for (const [lot, kind] of [
      [kept({ remaining: 1 }), "freeze"],
      [expired({ remaining: 1 }), "breakage"],
    ] as const) {
      const journal = renewing([lot], at(DAY), false);
      bookExpired(journal, { lot, amount: credits(1), bookedAt: at(DAY) });
      expect(journal.postings).toMatchObject([{ kind }]);
    }
  });
});

describe("the next successful purchase", () => {
  test("revives them with the new date, in one posting under the payment's own key", () => {
    const journal = renewing([kept({ id: "b", kept: 2 }), kept({ id: "a" })], at(DAY));
    expect(revived(journal)).toEqual([
      { lotId: lotId("a"), oldExpiresAt: noon, newExpiresAt: nextYear },
      { lotId: lotId("b"), oldExpiresAt: noon, newExpiresAt: nextYear },
    ]);
    expect(journal.postings).toMatchObject([
      {
        kind: "release",
        key: "revival-pi_1",
        entries: [
          { from: "holds", to: "customer", amount: 3 },
          { from: "holds", to: "customer", amount: 2 },
        ],
        reason: "revived",
        topUpId: "top_1",
      },
    ]);
    expect(lotIn(journal)).toMatchObject({
      remaining: 3,
      frozen: 0,
      kept: 0,
      expiresAt: nextYear,
    });
    expect(balanceAt(journal.account, journal.lots, at(DAY)).available).toBe(5);
  });

  test("leaves what a dispute holds in the same lot where it is", () => {
    const journal = renewing([kept({ frozen: 7 })], at(DAY));
    revived(journal);
    expect(lotIn(journal)).toMatchObject({ remaining: 3, frozen: 4, kept: 0 });
  });

  test("does so although renewal was switched off since", () => {
    const journal = renewing([kept()], at(DAY), false);
    expect(revived(journal)).toHaveLength(1);
  });

  test("comes in time up to the last millisecond, and not at the instant they are gone", () => {
    for (const [now, count] of [
      [at(14 * DAY, -1), 1],
      [at(14 * DAY), 0],
    ] as const) {
      const journal = renewing([kept()], now);
      expect(revived(journal)).toHaveLength(count);
      expect(journal.postings).toHaveLength(count);
    }
  });

  test("revives what expired and waits to be booked, for no customer knows of that", () => {
    const journal = renewing([expired()], at(1));
    expect(revived(journal)).toHaveLength(1);
    expect(journal.postings).toMatchObject([
      { kind: "freeze", bookedAt: noon },
      { kind: "release", bookedAt: at(1) },
    ]);
    expect(lotIn(journal)).toMatchObject({ remaining: 3, frozen: 0, expiresAt: nextYear });
  });

  test("books nothing when nothing is kept", () => {
    const lots = [
      aLot({ id: "alive", frozen: 2 }),
      expired({ id: "disputed", remaining: 0, frozen: 2 }),
      expired({ id: "free", kind: "free" }),
    ];
    const journal = renewing(lots, at(1));
    expect(revived(journal)).toEqual([]);
    expect(journal.postings).toEqual([]);
  });
});

describe("credits nobody came back for", () => {
  test("are written off from the instant their time is over, dated at it", () => {
    const lot = kept({ frozen: 7 });
    expect(listKeptTooLong(renewing([lot], at(14 * DAY, -1)))).toEqual([]);
    expect(listKeptTooLong(renewing([lot], at(14 * DAY)))).toEqual([lot]);
    const later = renewing([lot], at(20 * DAY));
    bookKeptTooLong(later, lot);
    expect(later.postings).toMatchObject([
      {
        kind: "breakage",
        bookedAt: at(14 * DAY),
        recordedAt: at(20 * DAY),
        entries: [
          { from: "holds", to: "customer", amount: 3 },
          { from: "customer", to: "breakage", amount: 3 },
        ],
        reason: "kept_too_long",
        balanceAfter: 0,
      },
    ]);
    expect(lotIn(later)).toMatchObject({ remaining: 0, frozen: 4, kept: 0 });
  });

  test("go in the order in which their time ended", () => {
    const lots = [
      kept({ id: "c", expiresAt: at(2) }),
      kept({ id: "b", expiresAt: at(1) }),
      kept({ id: "a", expiresAt: at(2) }),
      aLot({ id: "disputed", remaining: 0, frozen: 3, expiresAt: at(0) }),
    ];
    const found = listKeptTooLong(renewing(lots, at(20 * DAY)));
    expect(found.map(({ id }) => id)).toEqual(["b", "a", "c"].map(lotId));
  });

  test("were shown until then, with the first instant at which some of them go", () => {
    const lots = [
      kept({ id: "a", expiresAt: at(10) }),
      expired({ id: "b", remaining: 2, expiresAt: at(5) }),
      aLot({ id: "alive", frozen: 4 }),
    ];
    const account = { keepsExpired: true };
    expect(keptAt(account, lots, at(5, -1))).toBeNull();
    expect(keptAt(account, lots, at(5))).toEqual({ credits: 2, until: at(14 * DAY + 5) });
    expect(keptAt(account, lots, at(10))).toEqual({ credits: 5, until: at(14 * DAY + 5) });
    expect(keptAt(account, lots, at(14 * DAY + 5))).toEqual({
      credits: 3,
      until: at(14 * DAY + 10),
    });
    expect(keptAt(account, lots, at(14 * DAY + 10))).toBeNull();
  });

  test("are never counted for whoever did not ask for renewal", () => {
    expect(keptOf({ keepsExpired: false }, expired(), at(1))).toBe(0);
    expect(keptOf({ keepsExpired: false }, kept(), at(1))).toBe(3);
  });
});

test("what is kept stays kept in books that are written and read meanwhile", () => {
  const lot = expired();
  const journal = renewing([lot], at(1));
  expire(journal, lot);
  const later = reopened(journal, at(DAY));
  expect(revived(later)).toHaveLength(1);
  expect(lotIn(later)).toMatchObject({ remaining: 3, kept: 0 });
});
