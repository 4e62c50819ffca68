import { describe, expect, test } from "vitest";
import { aLot, at, lotId, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { drawFromLots } from "./draw.ts";

const three = credits(3);

describe("a debit", () => {
  test("is paid by one lot if that lot can", () => {
    expect(drawFromLots([aLot({ remaining: 3 })], three, noon)).toEqual({
      ok: true,
      value: [{ lotId: lotId("a"), amount: 3 }],
    });
  });

  test("empties one lot before it touches the next", () => {
    const lots = [
      aLot({ id: "late", remaining: 5, expiresAt: at(20) }),
      aLot({ id: "soon", remaining: 2, expiresAt: at(10) }),
      aLot({ id: "gift", remaining: 0, kind: "free" }),
    ];
    expect(drawFromLots(lots, three, noon)).toEqual({
      ok: true,
      value: [
        { lotId: lotId("soon"), amount: 2 },
        { lotId: lotId("late"), amount: 1 },
      ],
    });
  });

  test("takes free credits first, so that what was paid for lasts longest", () => {
    const lots = [aLot({ id: "paid", expiresAt: at(1) }), aLot({ id: "gift", kind: "free" })];
    expect(drawFromLots(lots, three, noon)).toMatchObject({
      value: [{ lotId: lotId("gift"), amount: 3 }],
    });
  });

  test("that cannot be paid whole is not paid at all, and says what there is", () => {
    const lots = [
      aLot({ id: "a", remaining: 2 }),
      aLot({ id: "gone", remaining: 9, expiresAt: noon }),
      aLot({ id: "coming", remaining: 9, effectiveAt: at(0, 1) }),
    ];
    expect(drawFromLots(lots, three, noon)).toEqual({
      ok: false,
      refusal: { code: "insufficient_credits", required: 3, available: 2 },
    });
  });

  test("is paid by a lot in its last millisecond, and not at the instant it expires", () => {
    const lots = [aLot({ remaining: 3, expiresAt: at(60) })];
    expect(drawFromLots(lots, three, at(60, -1)).ok).toBe(true);
    expect(drawFromLots(lots, three, at(60)).ok).toBe(false);
  });

  test("is paid by a lot from the instant it is effective, and not before", () => {
    const lots = [aLot({ remaining: 3, effectiveAt: at(60) })];
    expect(drawFromLots(lots, three, at(60, -1)).ok).toBe(false);
    expect(drawFromLots(lots, three, at(60)).ok).toBe(true);
  });

  test("of nothing draws nothing", () => {
    expect(drawFromLots([], credits(0), noon)).toEqual({ ok: true, value: [] });
  });
});
