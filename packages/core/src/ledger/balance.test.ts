import { expect, test } from "vitest";
import { aLot, at } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { balanceAt } from "./balance.ts";

test("a balance tells paid from free and counts only what is spendable at its instant", () => {
  const lots = [
    aLot({ id: "paid", remaining: 3, expiresAt: at(10) }),
    aLot({ id: "free", kind: "free", remaining: 4 }),
    aLot({ id: "coming", remaining: 5, effectiveAt: at(10) }),
  ];
  const account = { debt: credits(2) };
  expect(balanceAt(account, lots, at(10, -1))).toEqual({
    available: 7,
    paid: 3,
    free: 4,
    frozen: 0,
    debt: 2,
  });
  expect(balanceAt(account, lots, at(10))).toMatchObject({ available: 9, paid: 5, free: 4 });
});

test("what is frozen counts apart, until its lot expires, whatever else the lot holds", () => {
  const lots = [
    aLot({ id: "all", remaining: 0, frozen: 2, expiresAt: at(10) }),
    aLot({ id: "some", remaining: 3, frozen: 1 }),
  ];
  const account = { debt: credits(0) };
  expect(balanceAt(account, lots, at(10, -1))).toMatchObject({ available: 3, paid: 3, frozen: 3 });
  expect(balanceAt(account, lots, at(10))).toMatchObject({ available: 3, paid: 3, frozen: 1 });
});
