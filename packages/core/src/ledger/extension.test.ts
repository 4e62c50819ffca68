import { describe, expect, test } from "vitest";
import { aLot, at, lotId, noon } from "../testing/builders.ts";
import { planExtensions } from "./extension.ts";

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
