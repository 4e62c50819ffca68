/**
 * What every button does that asks the server for something: one press at a time, and a sentence about
 * what did not work, which stays until the next press.
 */
import { type Accessor, createSignal } from "solid-js";
import { callFailureOf } from "./call-failure.ts";
import { sentenceOf } from "./failure-sentences.ts";

/** `What` names the buttons, where several of them exclude each other. */
export interface Command<What extends string = never> {
  /** Something is under way: anything, or what is named. */
  isBusy: (what?: What) => boolean;
  /** Why the last press did not work. */
  problem: Accessor<string | null>;
  /** Takes the steps, which throw what a call throws, unless others are under way. */
  run: (steps: () => Promise<void>, what?: What) => Promise<void>;
  /** Another reason than a call's, or none any more. */
  tell: (problem: string | null) => void;
}

export function createCommand<What extends string = never>(): Command<What> {
  const [busyWith, setBusyWith] = createSignal<What | true | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  return {
    isBusy: (what) => (what === undefined ? busyWith() !== null : busyWith() === what),
    problem,
    async run(steps, what) {
      if (busyWith() !== null) return;
      setBusyWith(() => what ?? true);
      setProblem(null);
      try {
        await steps();
      } catch (error) {
        setProblem(sentenceOf(callFailureOf(error)));
      }
      setBusyWith(null);
    },
    tell: setProblem,
  };
}
