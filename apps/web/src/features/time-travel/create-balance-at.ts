import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { type BalanceAtState, notAsked, reduceBalanceAt } from "./balance-at-reducer.ts";

/** Longer than from one step of a slider to the next, shorter than anybody waits. */
const SLIDING_MS = 200;

export interface DayEnd {
  readonly day: number;
  readonly at: number;
}

export interface BalanceAt {
  readonly state: Accessor<BalanceAtState>;
  /** After a failure. */
  tryAgain(): void;
}

/**
 * The server's balance at the end of a day, asked for when the sliding rests, and anew with each
 * version of the account, because what is bought or spent now is there then. Null asks for nothing.
 */
export function createBalanceAt(
  wanted: Accessor<DayEnd | null>,
  version: Accessor<number | undefined>,
): BalanceAt {
  const [state, setState] = createSignal(notAsked);
  const [attempt, setAttempt] = createSignal(0);
  const tell = (event: Parameters<typeof reduceBalanceAt>[1]) =>
    void setState((was) => reduceBalanceAt(was, event));
  let questions = 0;

  async function ask(question: number, { day, at }: DayEnd): Promise<void> {
    try {
      const { balance } = await api.account.balanceAt.query({ at: new Date(at).toISOString() });
      tell({ type: "answered", question, value: { day, balance } });
    } catch (error) {
      tell({ type: "failed", question, problem: sentenceOf(callFailureOf(error)) });
    }
  }

  createEffect(
    on([wanted, version, attempt], ([end]) => {
      if (end === null) return tell({ type: "withdrawn" });
      questions += 1;
      const question = questions;
      tell({ type: "asked", question });
      const timer = setTimeout(() => void ask(question, end), SLIDING_MS);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return { state, tryAgain: () => void setAttempt((count) => count + 1) };
}
