import { expect, test } from "vitest";
import type { CallFailure } from "../api/call-failure.ts";
import {
  type AnswerEvent,
  isPending,
  type LastAnswer,
  notAsked,
  reduceAnswer,
} from "./last-answer.ts";

const no: CallFailure = { is: "unreachable" };
const asked = (question: number) => ({ type: "asked", question }) as const;
const answered = (question: number) =>
  ({ type: "answered", question, value: `to ${question}` }) as const;
const failed = (question: number) => ({ type: "failed", question, failure: no }) as const;
const after = (...events: AnswerEvent<string>[]) =>
  events.reduce<LastAnswer<string>>(reduceAnswer, notAsked);

test("what is shown stays while the next answer is on its way", () => {
  const state = after(asked(1), answered(1), asked(2));
  expect(state.shown).toBe("to 1");
  expect(isPending(state)).toBe(true);
  expect(isPending(reduceAnswer(state, answered(2)))).toBe(false);
});

test("an answer that was overtaken by a later one is dropped", () => {
  expect(after(asked(1), asked(2), answered(2), answered(1)).shown).toBe("to 2");
});

test("an early answer is shown while the last one is awaited", () => {
  const state = after(asked(1), asked(2), answered(1));
  expect(state.shown).toBe("to 1");
  expect(isPending(state)).toBe(true);
});

test("a failure is told beside the last answer, and gone with the next", () => {
  const state = after(asked(1), answered(1), asked(2), failed(2));
  expect(state).toMatchObject({ shown: "to 1", failure: no });
  expect(isPending(state)).toBe(false);
  expect(after(asked(1), failed(1), asked(2), answered(2)).failure).toBeNull();
});

test("the failure of an old question is nobody's business", () => {
  const state = after(asked(1), asked(2), failed(1));
  expect(state.failure).toBeNull();
  expect(isPending(state)).toBe(true);
});

test("what nobody asks for any more is neither awaited nor shown", () => {
  const state = after(asked(1), answered(1), asked(2), { type: "withdrawn" }, answered(2));
  expect(isPending(state)).toBe(false);
  expect(state.shown).toBe("to 1");
});

test("what is forgotten leaves nothing behind, and its late answer brings nothing back", () => {
  const state = after(asked(1), answered(1), asked(2), { type: "forgotten" }, answered(2));
  expect(state.shown).toBeNull();
  expect(isPending(state)).toBe(false);
});
