import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { noQuote, type QuoteEvent, type QuoteState, reduceQuote } from "./quote-reducer.ts";

/** Shorter than a pause in typing, longer than the next digit of a number takes. */
const TYPING_MS = 200;

/** The server's price for a quantity, asked for when the typing rests. Null asks for nothing. */
export function createQuote(quantity: Accessor<number | null>): Accessor<QuoteState> {
  const [state, setState] = createSignal<QuoteState>(noQuote);
  const tell = (event: QuoteEvent) => void setState((was) => reduceQuote(was, event));
  let questions = 0;

  async function ask(question: number, wanted: number): Promise<void> {
    try {
      const quote = await api.pricing.quote.query({ quantity: wanted });
      tell({ type: "answered", question, quote });
    } catch (error) {
      tell({ type: "failed", question, problem: sentenceOf(callFailureOf(error)) });
    }
  }

  createEffect(
    on(quantity, (wanted, before) => {
      if (wanted === null) return tell({ type: "withdrawn" });
      questions += 1;
      const question = questions;
      tell({ type: "asked", question });
      // The first price is not waited for; nobody has typed yet.
      const timer = setTimeout(
        () => void ask(question, wanted),
        before === undefined ? 0 : TYPING_MS,
      );
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return state;
}
