import { expect, test } from "vitest";
import {
  type BalanceAtEvent,
  type DayBalance,
  isPending,
  notAsked,
  reduceBalanceAt,
} from "./balance-at-reducer.ts";

const asked = (question: number): BalanceAtEvent => ({ type: "asked", question });
const answered = (question: number): BalanceAtEvent => {
  const balance = { available: question, paid: question, free: 0, frozen: 0, debt: 0 };
  return { type: "answered", question, value: { day: question, balance } satisfies DayBalance };
};
const failed = (question: number): BalanceAtEvent => ({ type: "failed", question, problem: "no" });
const after = (...events: BalanceAtEvent[]) => events.reduce(reduceBalanceAt, notAsked);

test("the last balance stays, under its own date, while the next one is on its way", () => {
  const state = after(asked(1), answered(1), asked(2));
  expect(state.shown?.day).toBe(1);
  expect(isPending(state)).toBe(true);
  expect(isPending(reduceBalanceAt(state, answered(2)))).toBe(false);
});

test("the last question wins, whichever answer comes last", () => {
  expect(after(asked(1), asked(2), answered(2), answered(1)).shown?.day).toBe(2);
  expect(after(asked(1), asked(2), answered(2), failed(1)).problem).toBeNull();
});

test("a failure leaves the last balance, and goes with the next answer", () => {
  const state = after(asked(1), answered(1), asked(2), failed(2));
  expect(state).toMatchObject({ shown: { day: 1 }, problem: "no" });
  expect(isPending(state)).toBe(false);
  expect(after(asked(1), failed(1), asked(2), answered(2)).problem).toBeNull();
});

test("the failure of an old question is nobody's business", () => {
  const state = after(asked(1), asked(2), failed(1));
  expect(state.problem).toBeNull();
  expect(isPending(state)).toBe(true);
});

test("back at now nothing is awaited, and a late answer changes nothing", () => {
  const state = after(asked(1), answered(1), asked(2), { type: "withdrawn" }, answered(2));
  expect(state.shown).toBeNull();
  expect(isPending(state)).toBe(false);
});
