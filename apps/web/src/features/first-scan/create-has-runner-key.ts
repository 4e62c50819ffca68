import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";

export interface HasRunnerKey {
  /** Null until it is known. */
  hasKey: Accessor<boolean | null>;
  /** The customer has made one on this page, and copied it. */
  setCopied(): void;
}

/** Whether the account ever made a runner key, which tells who needs to be shown how to start. */
export function createHasRunnerKey(round: Accessor<number>): HasRunnerKey {
  const [hasKey, setHasKey] = createSignal<boolean | null>(null);

  async function load(): Promise<void> {
    // Asked once: the key that this page itself makes must not end the showing of it.
    if (hasKey() !== null) return;
    try {
      const keys = await api.runnerKeys.list.query();
      setHasKey(keys.length > 0);
    } catch (error) {
      // Who may not see keys is not asked to make one. Anything else is asked again next round.
      if (callFailureOf(error).is === "refused") setHasKey(true);
    }
  }

  createEffect(on(round, load));
  return { hasKey, setCopied: () => setHasKey(true) };
}
