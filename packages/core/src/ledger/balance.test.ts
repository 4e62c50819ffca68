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
  const account = { debt: credits(2), keepsExpired: false };
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
  const account = { debt: credits(0), keepsExpired: false };
  expect(balanceAt(account, lots, at(10, -1))).toMatchObject({ available: 3, paid: 3, frozen: 3 });
  expect(balanceAt(account, lots, at(10))).toMatchObject({ available: 3, paid: 3, frozen: 1 });
});

test("what is kept past its date is frozen until its time is over, booked or not", () => {
  const account = { debt: credits(0), keepsExpired: true };
  const booked = aLot({ id: "booked", remaining: 0, kept: 2, frozen: 5, expiresAt: at(10) });
  const notYet = aLot({ id: "not yet", remaining: 4, expiresAt: at(10) });
  const free = aLot({ id: "free", kind: "free", remaining: 8, expiresAt: at(10) });
  const lots = [booked, notYet, free];
  expect(balanceAt(account, lots, at(10))).toMatchObject({ available: 0, frozen: 6 });
  const over = 14 * 24 * 60 + 10;
  expect(balanceAt(account, lots, at(over, -1))).toMatchObject({ available: 0, frozen: 6 });
  expect(balanceAt(account, lots, at(over))).toMatchObject({ available: 0, frozen: 0 });
  const without = { ...account, keepsExpired: false };
  expect(balanceAt(without, lots, at(10))).toMatchObject({ available: 0, frozen: 2 });
});
