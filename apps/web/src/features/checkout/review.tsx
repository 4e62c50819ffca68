import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { Show } from "solid-js";
import { BillingSummary } from "../billing/billing-summary.tsx";
import { cardExpiry, cardInWords } from "../cards/card-words.ts";
import { stepPath } from "./steps.ts";

/** Whom it is billed to and what pays it, with the way back to change either. */
export function Review(props: { view: CheckoutView }) {
  const edit = () => stepPath("billing", props.view.id);
  return (
    <section class="card checkout__card" aria-labelledby="review-title">
      <div class="card__head">
        <h2 id="review-title" class="card__title">
          Billing and payment
        </h2>
        <a class="link--target" href={edit()}>
          Edit<span class="visually-hidden"> billing and payment</span>
        </a>
      </div>
      <div class="review">
        <div>
          <h3 class="card__subtitle">Billed to</h3>
          <Show when={props.view.billing}>
            {(billing) => <BillingSummary billing={billing()} />}
          </Show>
        </div>
        <div>
          <h3 class="card__subtitle">{props.view.quantity > 0 ? "Paid with" : "Card to save"}</h3>
          <Show when={props.view.paymentMethod}>
            {(card) => (
              <>
                <p>{cardInWords(card())}</p>
                <p class="quiet">Expires {cardExpiry(card())}</p>
              </>
            )}
          </Show>
          <Show when={props.view.quantity > 0}>
            <p class="quiet">
              {props.view.keepsCard
                ? "It stays saved for later purchases."
                : "It is not kept after this purchase."}
            </p>
          </Show>
        </div>
      </div>
    </section>
  );
}
