import { aLot, at, books } from "@scanmeter/core/testing";
import { describe, expect, test } from "vitest";
import { overviewOf } from "./views.ts";

const DAY = 24 * 60;

describe("an overview", () => {
  const kept = aLot({ id: "kept", remaining: 0, kept: 3, frozen: 5, expiresAt: at(-DAY) });
  const lots = [
    kept,
    aLot({ id: "b", remaining: 2, frozen: 1, expiresAt: at(2 * DAY) }),
    aLot({ id: "a", remaining: 4, expiresAt: at(DAY) }),
    aLot({ id: "gone", kind: "free", remaining: 9, expiresAt: at(0) }),
  ];
  const seenAt = (minutes: number, keepsExpired: boolean) => {
    const { account } = books({ lots, keepsExpired });
    const snapshot = { account, lots, openScans: [], reason: "freeze" };
    const forecast = { creditsPerDay: 0, runsOutAt: null };
    return overviewOf(snapshot, { forecast, autoTopUp: null }, { now: at(minutes), rate: 1 });
  };
  const idsAndFrozen = (minutes: number, keepsExpired = true) =>
    seenAt(minutes, keepsExpired).lots.map(({ id, remaining, frozen }) => [
      id.slice(4),
      remaining,
      frozen,
    ]);

  test("lists the lots that pay in their order, then what is kept past its date", () => {
    expect(idsAndFrozen(0)).toEqual([
      ["a", 4, 0],
      ["b", 2, 1],
      // What a dispute froze of it is lost to the date in any case.
      ["kept", 0, 3],
    ]);
    expect(seenAt(0, true).kept).toEqual({ credits: 3, until: "2026-03-23T12:00:00.000Z" });
    expect(seenAt(0, true).balance).toMatchObject({ available: 6, frozen: 4 });
  });

  test("is true by the clock: what expired just now is kept, or gone, before anybody booked it", () => {
    expect(idsAndFrozen(DAY)).toEqual([
      ["b", 2, 1],
      ["kept", 0, 3],
      ["a", 0, 4],
    ]);
    expect(idsAndFrozen(DAY, false)).toEqual([
      ["b", 2, 1],
      ["kept", 0, 3],
    ]);
    expect(idsAndFrozen(20 * DAY, true)).toEqual([]);
    expect(seenAt(20 * DAY, true).kept).toBeNull();
  });
});
