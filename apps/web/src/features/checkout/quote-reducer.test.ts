import type { QuoteView } from "@scanmeter/contracts/checkout";
import { expect, test } from "vitest";
import { isPending, noQuote, type QuoteEvent, reduceQuote } from "./quote-reducer.ts";

const quote = (quantity: number) => ({ quantity, totalMinor: quantity * 1000 }) as QuoteView;
const asked = (question: number): QuoteEvent => ({ type: "asked", question });
const answered = (question: number): QuoteEvent => ({
  type: "answered",
  question,
  quote: quote(question),
});
const failed = (question: number): QuoteEvent => ({ type: "failed", question, problem: "no" });
const after = (...events: QuoteEvent[]) => events.reduce(reduceQuote, noQuote);

test("the shown price stays while the next one is on its way", () => {
  const state = after(asked(1), answered(1), asked(2));
  expect(state.shown?.quantity).toBe(1);
  expect(isPending(state)).toBe(true);
  expect(isPending(reduceQuote(state, answered(2)))).toBe(false);
});

test("an answer that was overtaken by a later one is dropped", () => {
  expect(after(asked(1), asked(2), answered(2), answered(1)).shown?.quantity).toBe(2);
});

test("an early answer is shown while the last one is awaited", () => {
  const state = after(asked(1), asked(2), answered(1));
  expect(state.shown?.quantity).toBe(1);
  expect(isPending(state)).toBe(true);
});

test("a failure is told beside the last price, and forgotten with the next answer", () => {
  const state = after(asked(1), answered(1), asked(2), failed(2));
  expect(state).toMatchObject({ shown: { quantity: 1 }, problem: "no" });
  expect(after(asked(1), failed(1), asked(2), answered(2)).problem).toBeNull();
});

test("the failure of an old question is nobody's business", () => {
  const state = after(asked(1), asked(2), failed(1));
  expect(state.problem).toBeNull();
  expect(isPending(state)).toBe(true);
});

test("a price nobody asks for any more is neither awaited nor shown", () => {
  const state = after(asked(1), answered(1), asked(2), { type: "withdrawn" }, answered(2));
  expect(isPending(state)).toBe(false);
  expect(state.shown?.quantity).toBe(1);
});
