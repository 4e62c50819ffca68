import { describe, expect, test } from "vitest";
import { aLot, at, lotId, noon } from "../testing/builders.ts";
import { foreseeExtensions, planExtensions } from "./extension.ts";
import type { Lot } from "./lot.ts";

const extended = (lot: Parameters<typeof aLot>[0]) => planExtensions([aLot(lot)], at(100), noon);

describe("a purchase moves the date of a paid lot", () => {
  test("from the date it has to the new one", () => {
    expect(extended({ expiresAt: at(50) })).toEqual([
      { lotId: lotId("a"), oldExpiresAt: at(50), newExpiresAt: at(100) },
    ]);
  });

  test("that had one millisecond left", () => {
    expect(extended({ expiresAt: at(0, 1) })).toHaveLength(1);
  });

  test("whose credits are all frozen", () => {
    expect(extended({ remaining: 0, frozen: 3, expiresAt: at(50) })).toHaveLength(1);
    expect(extended({ remaining: 0, frozen: 3, expiresAt: noon })).toEqual([]);
    expect(extended({ remaining: 0, expiresAt: at(50) })).toEqual([]);
  });

  test("but does not revive one that expires at this very instant", () => {
    expect(extended({ expiresAt: noon })).toEqual([]);
  });

  test("but never shortens a later date, nor books one that is the same", () => {
    expect(extended({ expiresAt: at(100, -1) })).toHaveLength(1);
    expect(extended({ expiresAt: at(100) })).toEqual([]);
    expect(extended({ expiresAt: at(100, 1) })).toEqual([]);
  });
});

test("free lots keep their dates", () => {
  expect(extended({ kind: "free", expiresAt: at(50) })).toEqual([]);
});

describe("a purchase that is only thought of", () => {
  const account = { keepsExpired: false };
  const foreseen = (...lots: Lot[]) =>
    foreseeExtensions(account, lots, { newExpiresAt: at(100), at: noon }).map(
      ({ lotId: id, credits, isRevived }) => [id, credits, isRevived],
    );

  test("moves what the purchase itself would, the nearest date first", () => {
    const soon = aLot({ id: "b", expiresAt: at(20), frozen: 2 });
    const later = aLot({ id: "a", expiresAt: at(50) });
    const free = aLot({ id: "c", kind: "free", expiresAt: at(20) });
    const latest = aLot({ id: "d", expiresAt: at(200) });
    expect(foreseen(later, latest, free, soon)).toEqual([
      [lotId("b"), 12, false],
      [lotId("a"), 10, false],
    ]);
  });

  test("brings back what is kept, and nothing else that is past its date", () => {
    const kept = aLot({ id: "a", remaining: 0, kept: 3, frozen: 5, expiresAt: at(-10) });
    const gone = aLot({ id: "b", expiresAt: noon });
    expect(foreseen(gone, kept)).toEqual([[lotId("a"), 3, true]]);
  });
});
