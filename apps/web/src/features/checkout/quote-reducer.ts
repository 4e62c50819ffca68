/**
 * The price beside the field in which somebody types. Answers may be late or overtake each other:
 * what is shown is the answer to the last question that has one, and it stays until a newer one
 * comes, so that the total never disappears under the reader's eyes.
 */
import type { QuoteView } from "@scanmeter/contracts/checkout";

export interface QuoteState {
  readonly shown: QuoteView | null;
  /** Of the newest question… */
  readonly asked: number;
  /** …and of the one that `shown` or the failure answers. */
  readonly answered: number;
  /** The newest question could not be answered, in words. */
  readonly problem: string | null;
}

export type QuoteEvent =
  /** The question is not one any more: what is typed now has no price. */
  | { readonly type: "withdrawn" }
  | { readonly type: "asked"; readonly question: number }
  | { readonly type: "answered"; readonly question: number; readonly quote: QuoteView }
  | { readonly type: "failed"; readonly question: number; readonly problem: string };

export const noQuote: QuoteState = { shown: null, asked: 0, answered: 0, problem: null };

export function reduceQuote(state: QuoteState, event: QuoteEvent): QuoteState {
  if (event.type === "asked") return { ...state, asked: event.question };
  if (event.type === "withdrawn") return { ...state, answered: state.asked, problem: null };
  if (event.question <= state.answered) return state;
  const answered = event.question;
  if (event.type === "answered") return { ...state, answered, shown: event.quote, problem: null };
  // An older question's failure is of no interest: the newer one will be answered.
  return event.question < state.asked ? state : { ...state, answered, problem: event.problem };
}

export const isPending = ({ asked, answered }: QuoteState): boolean => answered < asked;
