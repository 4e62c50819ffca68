import { describe, expect, test } from "vitest";
import { aLot, at, type BooksFacts, books, lotId, lotIn, noon } from "../testing/builders.ts";
import { decideAdjustment } from "./adjustment.ts";

function adjusting(credits: number, facts: BooksFacts = {}) {
  const journal = books(facts);
  const command = { reason: "a double charge", key: "adjust-1", fingerprint: "[]" };
  const lot = { lotId: lotId("new"), expiresAt: at(60) };
  return { journal, outcome: decideAdjustment(journal, { credits, ...command, ...lot }) };
}

describe("credits that are added", () => {
  test("are a free lot from the operator's corrections, with the operator's reason", () => {
    const { journal, outcome } = adjusting(3);
    expect(outcome).toMatchObject({
      value: {
        kind: "grant",
        reason: "a double charge",
        bookedAt: noon,
        entries: [{ from: "adjustments", to: "customer", amount: 3, lotId: lotId("new") }],
        balanceAfter: 3,
      },
    });
    expect(lotIn(journal, "new")).toMatchObject({ kind: "free", source: "adjustment", granted: 3 });
  });

  test("end a time of having none, and leave the debt alone", () => {
    const { journal } = adjusting(3, { debt: 2, creditEpoch: 7 });
    expect(journal.account).toMatchObject({ creditEpoch: 8, balance: 3, debt: 2 });
  });
});

describe("credits that are taken", () => {
  const lots = [
    aLot({ id: "paid", remaining: 5 }),
    aLot({ id: "free", remaining: 2, kind: "free" }),
    aLot({ id: "over", remaining: 9, expiresAt: noon }),
    aLot({ id: "held", remaining: 0, frozen: 4 }),
  ];

  test("come out of lots in the order of any draw, in one posting", () => {
    const { journal, outcome } = adjusting(-3, { lots, creditEpoch: 7 });
    expect(outcome).toMatchObject({
      value: {
        kind: "adjustment",
        reason: "a double charge",
        entries: [
          { from: "customer", to: "adjustments", amount: 2, lotId: lotId("free") },
          { from: "customer", to: "adjustments", amount: 1, lotId: lotId("paid") },
        ],
      },
    });
    expect(lotIn(journal, "paid").remaining).toBe(4);
    expect(journal.account.creditEpoch).toBe(7);
  });

  test("may be all that can be spent", () => {
    expect(adjusting(-7, { lots }).outcome.ok).toBe(true);
  });

  test("are never more than can be spent: neither expired nor frozen ones, and nothing is owed", () => {
    const { journal, outcome } = adjusting(-8, { lots });
    expect(outcome).toEqual({
      ok: false,
      refusal: { code: "insufficient_credits", required: 8, available: 7 },
    });
    expect(journal.postings).toEqual([]);
  });
});
