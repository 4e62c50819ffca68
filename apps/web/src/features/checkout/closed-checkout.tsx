import type { CheckoutView } from "@scanmeter/contracts/checkout";
import type { ParentProps } from "solid-js";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { formatMoney } from "../../format/money.ts";
import { Notice } from "../../ui/notice.tsx";

/** A checkout that is opened again after it is done: nothing is paid twice, and here is what came of it. */
export function CompleteCheckout(props: { view: CheckoutView }) {
  return (
    <div class="card checkout__card">
      <Show
        when={props.view.quantity > 0}
        fallback={<p>The card is saved. Nothing was charged.</p>}
      >
        <p>
          {creditsInWords(props.view.quantity)} were bought for{" "}
          <strong>{formatMoney(props.view.quote.totalMinor, props.view.quote.currency)}</strong> and
          are in your balance. It was paid once, and opening this page again changes nothing.
        </p>
      </Show>
      <div class="checkout__ways">
        <a class="button button--primary" href="/account">
          Go to Account Overview
        </a>
        <a class="button button--plain" href="/checkout/order">
          Buy more credits
        </a>
      </div>
    </div>
  );
}

export function CanceledCheckout() {
  return (
    <div class="card checkout__card">
      <p>Nothing was charged for it. Your billing details and cards are kept.</p>
      <div class="checkout__ways">
        <a class="button button--primary" href="/checkout/order">
          Start a new order
        </a>
        <a class="button button--plain" href="/account">
          Go to Account Overview
        </a>
      </div>
    </div>
  );
}

export function NoBuying(props: ParentProps) {
  return (
    <div class="card checkout__card">
      <Notice tone="news">{props.children}</Notice>
      <div class="checkout__ways">
        <a class="button button--primary" href="/account">
          Go to Account Overview
        </a>
      </div>
    </div>
  );
}
