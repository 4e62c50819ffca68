/**
 * One thing as the server has it, such as a checkout or a purchase. Everything that happens to it is a
 * call whose answer is the whole thing, and looking again is never wrong: the server asks the payment
 * gateway itself.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { sentenceOf } from "../api/failure-sentences.ts";
import { retryDelayMs } from "./retry-delay.ts";

export type FollowedState<View> =
  /** The address names none. */
  | { readonly is: "none" }
  | { readonly is: "loading"; readonly isFailing: boolean }
  | { readonly is: "refused"; readonly sentence: string }
  | { readonly is: "there"; readonly view: View };

export interface Followed<View> {
  state: Accessor<FollowedState<View>>;
  view: Accessor<View | null>;
  /** Sends a command; its answer is the newest state, whatever else is still in flight. */
  after(command: Promise<View>): Promise<View>;
  /** Looks again; what cannot be read stays as it was. */
  refresh(): Promise<void>;
}

export function createFollowed<View extends { readonly id: string }>(
  wantedId: Accessor<string | null>,
  get: (id: string) => Promise<View>,
): Followed<View> {
  const [state, setState] = createSignal<FollowedState<View>>({ is: "none" });
  let latest = 0;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(retry));

  const view = () => {
    const current = state();
    return current.is === "there" ? current.view : null;
  };

  async function refresh(): Promise<void> {
    const id = wantedId();
    if (id === null) return;
    clearTimeout(retry);
    latest += 1;
    const mine = latest;
    try {
      const found = await get(id);
      if (mine < latest) return;
      failures = 0;
      setState({ is: "there", view: found });
    } catch (error) {
      if (mine === latest) fail(error);
    }
  }

  function fail(error: unknown): void {
    const failure = callFailureOf(error);
    // What cannot even be an id names nothing either.
    if (failure.is === "refused" || failure.is === "invalid") {
      setState({ is: "refused", sentence: sentenceOf(failure) });
      return;
    }
    if (view() !== null) return;
    setState({ is: "loading", isFailing: true });
    retry = setTimeout(() => void refresh(), retryDelayMs(failures));
    failures += 1;
  }

  async function after(command: Promise<View>): Promise<View> {
    const answer = await command;
    // What was asked before the command was carried out would bring an older state.
    latest += 1;
    setState({ is: "there", view: answer });
    return answer;
  }

  createEffect(
    on(wantedId, (id) => {
      if (view()?.id === id) return;
      latest += 1;
      setState(id === null ? { is: "none" } : { is: "loading", isFailing: false });
      void refresh();
    }),
  );

  // Another tab may have gone on with it meanwhile.
  const lookAgain = () => {
    if (document.visibilityState === "visible") void refresh();
  };
  document.addEventListener("visibilitychange", lookAgain);
  onCleanup(() => document.removeEventListener("visibilitychange", lookAgain));

  return { state, view, after, refresh };
}
