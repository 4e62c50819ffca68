import { describe, expect, test } from "vitest";
import { aLot, at, books, lotId, lotIn } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { bookBreakage, listExpired } from "./expiry.ts";

describe("the lots to write off", () => {
  test("are those past their date at this very instant, and not a millisecond earlier", () => {
    const lots = [aLot({ expiresAt: at(60) })];
    expect(listExpired(books({ now: at(60, -1), lots }))).toEqual([]);
    expect(listExpired(books({ now: at(60), lots }))).toEqual(lots);
  });

  test("come in the order of their dates, then of their ids", () => {
    const lots = [
      aLot({ id: "c", expiresAt: at(20) }),
      aLot({ id: "b", expiresAt: at(10) }),
      aLot({ id: "a", expiresAt: at(20) }),
    ];
    const found = listExpired(books({ now: at(60), lots }));
    expect(found.map(({ id }) => id)).toEqual([lotId("b"), lotId("a"), lotId("c")]);
  });

  test("are none that hold nothing", () => {
    expect(listExpired(books({ now: at(60), lots: [aLot({ remaining: 0 })] }))).toEqual([]);
  });

  test("are none of which everything is frozen: a dispute decides about those", () => {
    const lots = [aLot({ remaining: 0, frozen: 4, expiresAt: at(10) })];
    expect(listExpired(books({ now: at(60), lots }))).toEqual([]);
  });
});

test("breakage moves what is forfeited out of the lot, dated as it is told", () => {
  const lot = aLot({ remaining: 3, expiresAt: at(60) });
  const journal = books({ now: at(99), lots: [lot] });
  bookBreakage(journal, { lot, amount: credits(2), bookedAt: at(60) });
  expect(journal.postings).toMatchObject([
    {
      kind: "breakage",
      bookedAt: at(60),
      recordedAt: at(99),
      entries: [{ from: "customer", to: "breakage", amount: 2, lotId: lotId("a") }],
    },
  ]);
  expect(lotIn(journal).remaining).toBe(1);
});

test("a lot may forfeit twice, because a credit may come back to it late", () => {
  const lot = aLot({ remaining: 2 });
  const journal = books({ lots: [lot] });
  bookBreakage(journal, { lot, amount: credits(1), bookedAt: at(60) });
  bookBreakage(journal, { lot, amount: credits(1), bookedAt: at(60) });
  const [first, second] = journal.postings;
  expect(first?.key).not.toBe(second?.key);
});
