import { describe, expect, test } from "vitest";
import { aLot, at, noon } from "../testing/builders.ts";
import {
  availableAt,
  byDrawOrder,
  byRoomOrder,
  isAliveAt,
  isExpiredAt,
  isOpenLot,
  isSpendableAt,
  nextExpiryAfter,
  roomOf,
} from "./lot.ts";

describe("a lot is spendable", () => {
  const lot = aLot({ effectiveAt: noon, expiresAt: at(60) });

  test("from the instant it is effective, and not a millisecond before", () => {
    expect(isSpendableAt(lot, at(0, -1))).toBe(false);
    expect(isSpendableAt(lot, at(0))).toBe(true);
    expect(isSpendableAt(lot, at(0, 1))).toBe(true);
  });

  test("until the millisecond before it expires, and not at that instant", () => {
    expect(isSpendableAt(lot, at(60, -1))).toBe(true);
    expect(isSpendableAt(lot, at(60))).toBe(false);
    expect(isSpendableAt(lot, at(60, 1))).toBe(false);
  });

  test("only while something is left in it", () => {
    expect(isSpendableAt(aLot({ remaining: 1 }), noon)).toBe(true);
    expect(isSpendableAt(aLot({ remaining: 0 }), noon)).toBe(false);
  });
});

describe("a lot with nothing but frozen credits", () => {
  const lot = aLot({ granted: 5, remaining: 0, frozen: 3, expiresAt: at(60) });

  test("is open and alive until its date, and never spendable", () => {
    expect(isOpenLot(lot)).toBe(true);
    expect(isAliveAt(lot, at(60, -1))).toBe(true);
    expect(isAliveAt(lot, at(60))).toBe(false);
    expect(isSpendableAt(lot, noon)).toBe(false);
    expect(nextExpiryAfter([lot], noon)).toBeNull();
  });

  test("has room for what left it for good, and takes credits before a spent lot", () => {
    expect(roomOf(lot)).toBe(2);
    const spent = aLot({ id: "b", remaining: 0, expiresAt: at(99) });
    expect([spent, lot].sort(byRoomOrder(noon))).toEqual([lot, spent]);
  });

  test("takes none once its date has passed, as long as another lives", () => {
    const spent = aLot({ id: "b", remaining: 0, expiresAt: at(99) });
    expect([lot, spent].sort(byRoomOrder(at(60)))).toEqual([spent, lot]);
  });
});

test("a lot is expired from the very instant it expires at", () => {
  const lot = aLot({ expiresAt: at(60) });
  expect(isExpiredAt(lot, at(60, -1))).toBe(false);
  expect(isExpiredAt(lot, at(60))).toBe(true);
});

describe("the order of drawing", () => {
  test.each([
    [
      "free before paid, although the paid lot expires sooner",
      aLot({ id: "b", kind: "free", expiresAt: at(99) }),
      aLot({ id: "a", kind: "paid", expiresAt: at(1) }),
    ],
    [
      "nearest expiry first, although the other is older",
      aLot({ id: "b", expiresAt: at(98), effectiveAt: at(-1) }),
      aLot({ id: "a", expiresAt: at(99), effectiveAt: at(-2) }),
    ],
    [
      "oldest first among equal dates, although the other has the smaller id",
      aLot({ id: "b", effectiveAt: at(-2) }),
      aLot({ id: "a", effectiveAt: at(-1) }),
    ],
    ["smallest id first among twins", aLot({ id: "a" }), aLot({ id: "b" })],
  ])("%s", (_, first, second) => {
    expect(byDrawOrder(first, second)).toBeLessThan(0);
    expect(byDrawOrder(second, first)).toBeGreaterThan(0);
  });

  test("what is left in a lot does not matter to its turn", () => {
    expect(byDrawOrder(aLot({ remaining: 1 }), aLot({ remaining: 9 }))).toBe(0);
  });
});

describe("the available balance", () => {
  const lots = [
    aLot({ id: "gone", remaining: 1, expiresAt: at(0) }),
    aLot({ id: "today", remaining: 2, expiresAt: at(60) }),
    aLot({ id: "later", remaining: 4, expiresAt: at(120) }),
    aLot({ id: "coming", remaining: 8, effectiveAt: at(30), expiresAt: at(60) }),
  ];

  test("falls at the instant a lot expires, whether or not anything was booked", () => {
    expect(availableAt(lots, at(0, -1))).toBe(7);
    expect(availableAt(lots, at(0))).toBe(6);
    expect(availableAt(lots, at(60, -1))).toBe(14);
    expect(availableAt(lots, at(60))).toBe(4);
    expect(availableAt(lots, at(120))).toBe(0);
  });

  test("the next fall adds up all lots that expire together", () => {
    expect(nextExpiryAfter(lots, at(30))).toEqual({ at: at(60), credits: 10 });
    expect(nextExpiryAfter(lots, at(60))).toEqual({ at: at(120), credits: 4 });
  });

  test("without spendable lots nothing falls", () => {
    expect(nextExpiryAfter(lots, at(120))).toBeNull();
    expect(nextExpiryAfter([aLot({ remaining: 0 })], noon)).toBeNull();
  });
});
