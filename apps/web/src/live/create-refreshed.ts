/**
 * What the server answers to a question, asked when its page opens and again whenever there is a reason
 * to. A failure keeps the last answer, whose age is known, and is tried again; a refusal is not.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { type CallFailure, callFailureOf } from "../api/call-failure.ts";
import { makeRefresher } from "./make-refresher.ts";

export interface Refreshed<Value> {
  /** Undefined until the first answer. */
  value: Accessor<Value | undefined>;
  /** The last attempt failed; it is tried again. */
  hasFailed: Accessor<boolean>;
  /** The server will not answer, such as about a thing that does not exist. */
  refusal: Accessor<CallFailure | null>;
  /** The local instant of the last answer, epoch milliseconds. */
  fetchedAt: Accessor<number>;
  refresh(): void;
}

/** `reason` changes whenever the answer may have; what else it is does not matter. */
export function createRefreshed<Value>(
  ask: () => Promise<Value>,
  reason: Accessor<unknown>,
): Refreshed<Value> {
  const [value, setValue] = createSignal<Value>();
  const [hasFailed, setFailed] = createSignal(false);
  const [refusal, setRefusal] = createSignal<CallFailure | null>(null);
  const [fetchedAt, setFetchedAt] = createSignal(0);

  const refresher = makeRefresher(async () => {
    try {
      const answer = await ask();
      setValue(() => answer);
      setFetchedAt(Date.now());
      setFailed(false);
      setRefusal(null);
      return "done";
    } catch (error) {
      const failure = callFailureOf(error);
      // What cannot even be an id names nothing either.
      if (failure.is === "refused" || failure.is === "invalid") {
        setRefusal(failure);
        return "done";
      }
      setFailed(true);
      return "failed";
    }
  });
  createEffect(on(reason, refresher.ask));
  onCleanup(refresher.stop);
  return { value, hasFailed, refusal, fetchedAt, refresh: refresher.ask };
}
