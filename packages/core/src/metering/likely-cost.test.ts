import { expect, test } from "vitest";
import { credits } from "../units.ts";
import { likelyCost } from "./likely-cost.ts";

const likely = (...costs: number[]) => likelyCost(costs.map((cost) => credits(cost)));

test("without a scan there is nothing to judge by", () => {
  expect(likely()).toBeNull();
});

test("one scan says what the next one costs", () => {
  expect(likely(3)).toBe(3);
});

test("one that ran wild does not make the next one dear, nor one that broke off make it cheap", () => {
  expect(likely(2, 5, 2)).toBe(2);
  expect(likely(4, 1, 4)).toBe(4);
});

test("between two, it is the dearer", () => {
  expect(likely(2, 3)).toBe(3);
  expect(likely(1, 2, 3, 5)).toBe(3);
});

test("the order in which they ran does not matter, and the facts stay as they were", () => {
  const costs = [credits(5), credits(1), credits(2)];
  expect(likelyCost(costs)).toBe(likelyCost([...costs].reverse()));
  expect(costs).toEqual([5, 1, 2]);
});
