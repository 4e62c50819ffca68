import { expect, test } from "vitest";
import { aLot, books, lotId, lotIn, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import type { Entry } from "./posting.ts";
import { reverseEntries } from "./reversal.ts";

const spent: Entry[] = [
  { from: "customer", to: "usage", amount: credits(2), lotId: lotId("a") },
  { from: "customer", to: "usage", amount: credits(1), lotId: null },
];

test("a reversal moves the same amounts of the same lots the other way", () => {
  expect(reverseEntries(spent)).toEqual([
    { from: "usage", to: "customer", amount: 2, lotId: lotId("a") },
    { from: "usage", to: "customer", amount: 1, lotId: null },
  ]);
});

test("a posting and its reversal leave lots, balance and debt as they were", () => {
  const lot = aLot({ remaining: 3 });
  const journal = books({ lots: [lot], debt: 1 });
  journal.book({ kind: "debit", key: "there", bookedAt: noon, entries: spent });
  journal.book({ kind: "return", key: "back", bookedAt: noon, entries: reverseEntries(spent) });
  expect(lotIn(journal)).toEqual(lot);
  expect(journal.account).toMatchObject({ balance: 3, debt: 1 });
});
