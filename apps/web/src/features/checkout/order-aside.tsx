import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { type ParentProps, Show } from "solid-js";
import { ExpiryEffect } from "./expiry-effect.tsx";
import { QuoteLines } from "./quote-lines.tsx";
import { stepPath } from "./steps.ts";
import { WaitingTopUp } from "./waiting-top-up.tsx";

/** What is being bought, beside the later steps; the step's own button is below it. */
export function OrderAside(props: ParentProps<{ view: CheckoutView; isPending?: boolean }>) {
  return (
    <section class="card checkout__card checkout__summary" aria-labelledby="summary-title">
      <div class="card__head">
        <h2 id="summary-title" class="card__title">
          Your order
        </h2>
        <a class="link--target" href={stepPath("order", props.view.id)}>
          Edit<span class="visually-hidden"> the order</span>
        </a>
      </div>
      <div class="live-quote" aria-busy={props.isPending === true}>
        <Show
          when={props.view.quantity > 0}
          fallback={<p>A card is saved for later purchases. This order charges nothing.</p>}
        >
          <QuoteLines quote={props.view.quote} />
          <ExpiryEffect quote={props.view.quote} />
        </Show>
      </div>
      <WaitingTopUp />
      {props.children}
    </section>
  );
}
