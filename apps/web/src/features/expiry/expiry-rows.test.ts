import type { LotView } from "@scanmeter/contracts/live";
import { describe, expect, test } from "vitest";
import { expiryGeometry } from "./expiry-geometry.ts";
import {
  datesInWords,
  type ExpiryRow,
  expiryInWords,
  rowInWords,
  rowsOfLots,
  rowsOfOrder,
} from "./expiry-rows.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const now = "2027-03-01T12:00:00.000Z";
const soon = "2027-03-14T12:00:00.000Z";
const new_ = "2028-03-01T12:00:00.000Z";

const lot = (id: string, about: Partial<LotView> = {}): LotView => ({
  id,
  kind: "paid",
  source: "purchase",
  granted: 50,
  remaining: 50,
  frozen: 0,
  effectiveAt: "2026-03-14T12:00:00.000Z",
  expiresAt: soon,
  ...about,
});
const move = (lotId: string) => ({ lotId, credits: 50, from: soon, to: new_, isRevived: false });

describe("lots as lines", () => {
  test("say what they are and when they end, in words", () => {
    const lots = [
      lot("a", { kind: "free", remaining: 1 }),
      lot("b"),
      lot("c", { remaining: 0, frozen: 12, expiresAt: "2027-02-20T12:00:00.000Z" }),
    ];
    const rows = rowsOfLots({ lots, now });
    expect(rows.map((row) => [rowInWords(row, "en-GB"), datesInWords(row, place)])).toEqual([
      ["1 free credit", "14 March 2027"],
      ["50 paid credits", "14 March 2027"],
      ["12 kept credits", "expired 20 February 2027"],
    ]);
    expect(expiryInWords(rows, place)).toBe(
      "1 free credit until 14 March 2027; 50 paid credits until 14 March 2027; 12 kept credits expired 20 February 2027.",
    );
  });

  test("show the new date where a purchase would move it, and only there", () => {
    const lots = [lot("a", { kind: "free" }), lot("b")];
    const [free, paid] = rowsOfLots({ lots, now }, [move("b")]);
    expect(free?.movesTo).toBeNull();
    expect(paid && datesInWords(paid, place)).toBe("14 March 2027 → 1 March 2028");
    expect(paid && datesInWords(paid, place, true)).toBe("14 Mar 2027 → 1 Mar 2028");
    const sameDay = { ...paid, endsAt: (paid?.movesTo ?? 0) - 60_000 } as ExpiryRow;
    expect(datesInWords(sameDay, place)).toBe("1 March 2028");
  });

  test("of an order are the ones it moves and those it brings", () => {
    const order = {
      quantity: 25,
      newExpiryAt: new_,
      extends: [move("a"), { ...move("b"), isRevived: true }],
    };
    expect(expiryInWords(rowsOfOrder(order), place)).toBe(
      "50 paid credits from 14 March 2027 to 1 March 2028; 50 kept credits from 14 March 2027 to 1 March 2028; 25 new credits until 1 March 2028.",
    );
  });

  test("begin today and end at their dates, the last at the edge", () => {
    const lots = [
      lot("a"),
      lot("b", { expiresAt: new_ }),
      lot("c", { expiresAt: "2027-02-01T00:00:00.000Z" }),
    ];
    const rows = rowsOfLots({ lots, now });
    const drawn = expiryGeometry(rows, { now: Date.parse(now), width: 400 });
    const [near, far, past] = drawn.rows.map(({ end }) => end);
    expect(far).toBe(drawn.right);
    expect(past).toBe(drawn.left);
    expect(((near ?? 0) - drawn.left) / (drawn.right - drawn.left)).toBeCloseTo(13 / 366, 3);
  });

  test("have dates below them that do not run into each other, however long or short the time is", () => {
    for (const days of [1, 12, 80, 100, 400, 1500]) {
      const expiresAt = new Date(Date.parse(now) + days * 86_400_000).toISOString();
      for (const width of [260, 600, 1060]) {
        const rows = rowsOfLots({ lots: [lot("a", { expiresAt })], now });
        const xs = expiryGeometry(rows, { now: Date.parse(now), width }).dates.map(({ x }) => x);
        for (const [index, x] of xs.slice(1).entries()) {
          expect(x - (xs[index] ?? 0)).toBeGreaterThan(70);
        }
      }
    }
  });
});
