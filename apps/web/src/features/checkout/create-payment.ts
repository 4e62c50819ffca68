/**
 * The pressing of Pay. It is sent once for each press, with the total that was on the button; what
 * comes back is a state of the checkout, and never a guess. No answer at all means that nobody knows
 * yet, so nothing is said to have failed.
 */
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import type { CheckoutFlow } from "./checkout-context.tsx";
import { markPaying } from "./trip-memory.ts";

export interface PaymentProblem {
  /** Not knowing is no failure. */
  tone: "failure" | "attention";
  text: string;
}

export interface Payment {
  isBusy: Accessor<boolean>;
  /** A sentence about the press itself; why a payment was declined is in the checkout. */
  problem: Accessor<PaymentProblem | null>;
  pay(view: CheckoutView): Promise<void>;
}

const UNSURE =
  "The server did not answer, so it is not known yet whether the payment went through. Press the button again to find out: this order is charged at most once.";

export function createPayment({ checkout, watch }: CheckoutFlow): Payment {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<PaymentProblem | null>(null);

  // The browser may bring the page back as it was left on the way to the bank.
  const comeBack = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    setBusy(false);
    void checkout.refresh();
  };
  window.addEventListener("pageshow", comeBack);
  onCleanup(() => window.removeEventListener("pageshow", comeBack));

  async function pay({ id, quote }: CheckoutView): Promise<void> {
    if (isBusy()) return;
    setBusy(true);
    setProblem(null);
    watch();
    try {
      const command = { checkoutId: id, expectedTotalMinor: quote.totalMinor };
      const answer = await checkout.after(api.checkout.finalize.mutate(command));
      if (answer.nextAction) {
        markPaying(id);
        window.location.assign(answer.nextAction.url);
        return;
      }
    } catch (error) {
      const failure = callFailureOf(error);
      const isQuoteChanged = failure.is === "refused" && failure.refusal.code === "quote_changed";
      // The page itself shows the old price beside the new one.
      if (failure.is === "unreachable" || failure.is === "broken") {
        setProblem({ tone: "attention", text: UNSURE });
      } else if (!isQuoteChanged) {
        setProblem({ tone: "failure", text: sentenceOf(failure) });
      }
      await checkout.refresh();
    }
    setBusy(false);
  }

  return { isBusy, problem, pay };
}
