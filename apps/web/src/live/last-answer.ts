/**
 * The server's answer beside something somebody is still changing: the price of a number being typed,
 * the balance under a slider, what settings would do. Answers may be late or overtake each other: what
 * is shown is the answer to the last question that has one, and it stays until a newer one comes, so
 * that nothing disappears under the reader's eyes.
 */
import type { CallFailure } from "../api/call-failure.ts";

export interface LastAnswer<Value> {
  readonly shown: Value | null;
  /** Of the newest question… */
  readonly asked: number;
  /** …and of the one that `shown` or the failure answers. */
  readonly answered: number;
  /** The newest question could not be answered. */
  readonly failure: CallFailure | null;
}

export type AnswerEvent<Value> =
  /** What is there now is no question: it has no answer, and the last one stays. */
  | { readonly type: "withdrawn" }
  /** The same, and the last answer is of no use any more. */
  | { readonly type: "forgotten" }
  | { readonly type: "asked"; readonly question: number }
  | { readonly type: "answered"; readonly question: number; readonly value: Value }
  | { readonly type: "failed"; readonly question: number; readonly failure: CallFailure };

export const notAsked = { shown: null, asked: 0, answered: 0, failure: null } as const;

export function reduceAnswer<Value>(
  state: LastAnswer<Value>,
  event: AnswerEvent<Value>,
): LastAnswer<Value> {
  const { asked } = state;
  if (event.type === "asked") return { ...state, asked: event.question };
  if (event.type === "withdrawn") return { ...state, answered: asked, failure: null };
  if (event.type === "forgotten") return { ...notAsked, asked, answered: asked };
  if (event.question <= state.answered) return state;
  const answered = event.question;
  if (event.type === "answered") return { ...state, answered, shown: event.value, failure: null };
  // An older question's failure is of no interest: the newer one will be answered.
  return event.question < asked ? state : { ...state, answered, failure: event.failure };
}

export const isPending = ({ asked, answered }: LastAnswer<unknown>): boolean => answered < asked;
