import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { type AnswerEvent, type LastAnswer, notAsked, reduceAnswer } from "./last-answer.ts";

/** Shorter than a pause in typing, longer than the next digit or the next step of a slider takes. */
const RESTING_MS = 200;

export interface Asking<Value> {
  readonly state: Accessor<LastAnswer<Value>>;
  /** The answer to what is there now, without waiting for it to rest. Throws what the call throws. */
  askNow(): Promise<Value>;
}

/**
 * Asks whenever the question has changed and rests. Null is no question: the last answer then stays,
 * or is forgotten.
 */
export function createLastAnswer<Question, Value>(
  question: Accessor<Question | null>,
  ask: (question: Question) => Promise<Value>,
  { isForgotten = false } = {},
): Asking<Value> {
  const [state, setState] = createSignal<LastAnswer<Value>>(notAsked);
  const tell = (event: AnswerEvent<Value>) => void setState((was) => reduceAnswer(was, event));
  let questions = 0;

  function nextQuestion(): number {
    questions += 1;
    tell({ type: "asked", question: questions });
    return questions;
  }

  async function send(number: number, wanted: Question): Promise<Value> {
    try {
      const value = await ask(wanted);
      tell({ type: "answered", question: number, value });
      return value;
    } catch (error) {
      tell({ type: "failed", question: number, failure: callFailureOf(error) });
      throw error;
    }
  }

  createEffect(
    on(question, (wanted, before) => {
      if (wanted === null) return tell({ type: isForgotten ? "forgotten" : "withdrawn" });
      const number = nextQuestion();
      // The first answer is not waited for; nobody has changed anything yet.
      const restMs = before === undefined ? 0 : RESTING_MS;
      const timer = setTimeout(() => void send(number, wanted).catch(() => {}), restMs);
      onCleanup(() => clearTimeout(timer));
    }),
  );

  return {
    state,
    askNow() {
      const wanted = question();
      if (wanted === null) throw new Error("there is something to ask");
      return send(nextQuestion(), wanted);
    },
  };
}
