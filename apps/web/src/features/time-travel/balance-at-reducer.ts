/**
 * The balance of a day that is being looked for. Answers may be late or overtake each other while the
 * slider moves: what is shown is the answer to the last question that has one, under its own date, and
 * it stays until a newer one comes.
 */
import type { Balance } from "@scanmeter/contracts/live";

export interface DayBalance {
  readonly day: number;
  readonly balance: Balance;
}

export interface BalanceAtState {
  readonly shown: DayBalance | null;
  /** Of the newest question… */
  readonly asked: number;
  /** …and of the one that `shown` or the failure answers. */
  readonly answered: number;
  /** The newest question could not be answered, in words. */
  readonly problem: string | null;
}

export type BalanceAtEvent =
  /** Back to now, which the page knows by itself. */
  | { readonly type: "withdrawn" }
  | { readonly type: "asked"; readonly question: number }
  | { readonly type: "answered"; readonly question: number; readonly value: DayBalance }
  | { readonly type: "failed"; readonly question: number; readonly problem: string };

export const notAsked: BalanceAtState = { shown: null, asked: 0, answered: 0, problem: null };

export function reduceBalanceAt(state: BalanceAtState, event: BalanceAtEvent): BalanceAtState {
  if (event.type === "asked") return { ...state, asked: event.question };
  if (event.type === "withdrawn") return { ...notAsked, asked: state.asked, answered: state.asked };
  if (event.question <= state.answered) return state;
  const answered = event.question;
  if (event.type === "answered") return { ...state, answered, shown: event.value, problem: null };
  // An older question's failure is of no interest: the newer one will be answered.
  return event.question < state.asked ? state : { ...state, answered, problem: event.problem };
}

export const isPending = ({ asked, answered }: BalanceAtState): boolean => answered < asked;
