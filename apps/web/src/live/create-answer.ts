/**
 * What the server answers to one question, asked when its page opens and asked again, less and less
 * often, as long as it fails. A failure keeps the answer that was there.
 */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { makeRefresher } from "./make-refresher.ts";

export interface Answer<Value> {
  /** Undefined until the first answer. */
  answer: Accessor<Value | undefined>;
  /** The last attempt failed; it is tried again. */
  hasFailed: Accessor<boolean>;
  refresh(): void;
}

export function createAnswer<Value>(ask: () => Promise<Value>): Answer<Value> {
  const [answer, setAnswer] = createSignal<Value>();
  const [hasFailed, setFailed] = createSignal(false);
  const refresher = makeRefresher(async () => {
    try {
      const value = await ask();
      setAnswer(() => value);
      setFailed(false);
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  refresher.ask();
  onCleanup(refresher.stop);
  return { answer, hasFailed, refresh: refresher.ask };
}
