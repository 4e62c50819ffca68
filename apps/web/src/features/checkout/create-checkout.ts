/**
 * One checkout as the server has it. Everything that happens to it is a call whose answer is the
 * whole checkout, and looking again is never wrong: the server asks the payment gateway itself.
 */
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { retryDelayMs } from "../../live/retry-delay.ts";

export type CheckoutState =
  /** The address names none. */
  | { readonly is: "none" }
  | { readonly is: "loading"; readonly isFailing: boolean }
  | { readonly is: "refused"; readonly sentence: string }
  | { readonly is: "there"; readonly view: CheckoutView };

export interface Checkout {
  state: Accessor<CheckoutState>;
  view: Accessor<CheckoutView | null>;
  /** Sends a command; its answer is the newest state, whatever else is still in flight. */
  after(command: Promise<CheckoutView>): Promise<CheckoutView>;
  /** Looks again; what cannot be read stays as it was. */
  refresh(): Promise<void>;
}

export function createCheckout(checkoutId: Accessor<string | null>): Checkout {
  const [state, setState] = createSignal<CheckoutState>({ is: "none" });
  let latest = 0;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(retry));

  const view = () => {
    const current = state();
    return current.is === "there" ? current.view : null;
  };

  async function refresh(): Promise<void> {
    const id = checkoutId();
    if (id === null) return;
    clearTimeout(retry);
    latest += 1;
    const mine = latest;
    try {
      const found = await api.checkout.get.query({ checkoutId: id });
      if (mine < latest) return;
      failures = 0;
      setState({ is: "there", view: found });
    } catch (error) {
      if (mine === latest) fail(error);
    }
  }

  function fail(error: unknown): void {
    const failure = callFailureOf(error);
    if (failure.is === "refused") {
      setState({ is: "refused", sentence: sentenceOf(failure) });
      return;
    }
    if (view() !== null) return;
    setState({ is: "loading", isFailing: true });
    retry = setTimeout(() => void refresh(), retryDelayMs(failures));
    failures += 1;
  }

  async function after(command: Promise<CheckoutView>): Promise<CheckoutView> {
    const answer = await command;
    // What was asked before the command was carried out would bring an older state.
    latest += 1;
    setState({ is: "there", view: answer });
    return answer;
  }

  createEffect(
    on(checkoutId, (id) => {
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
