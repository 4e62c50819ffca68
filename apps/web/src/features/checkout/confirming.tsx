import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { formatMoney } from "../../format/money.ts";
import { createPolling } from "../../live/create-polling.ts";
import { Button } from "../../ui/button.tsx";
import { useCheckout } from "./checkout-context.tsx";

/**
 * While a payment is under way. It asks for a while, then says that one may leave; it never says
 * that the payment failed, because only the server knows that and then this is no longer shown.
 */
export function Confirming(props: { view: CheckoutView }) {
  const { checkout } = useCheckout();
  const { isAsking, askAgain } = createPolling(checkout.refresh);

  return (
    <section class="card checkout__card confirming" aria-labelledby="confirming-title">
      <h2 id="confirming-title" class="card__title">
        <Show when={isAsking()}>
          <span class="spinner" aria-hidden="true" />
        </Show>
        Confirming payment
      </h2>
      <div role="status">
        <Show
          when={props.view.lastError}
          fallback={<Outlook isAsking={isAsking()} view={props.view} />}
        >
          {(error) => <p>{error().message}</p>}
        </Show>
      </div>
      <div class="checkout__ways">
        <Show when={!isAsking()}>
          <Button look="primary" onClick={askAgain}>
            Look again
          </Button>
        </Show>
        <a class="button button--plain" href="/account">
          Go to Account Overview
        </a>
      </div>
    </section>
  );
}

function Outlook(props: { view: CheckoutView; isAsking: boolean }) {
  const amount = () => formatMoney(props.view.quote.totalMinor, props.view.quote.currency);
  return (
    <>
      <Show
        when={props.isAsking}
        fallback={
          <p>
            The bank still has not answered for {amount()}. There is nothing left for you to do.
          </p>
        }
      >
        <p>The bank is being asked about {amount()}. This usually takes a few seconds.</p>
      </Show>
      <p>
        You can leave this page: as soon as the payment is confirmed, the{" "}
        {creditsInWords(props.view.quantity)} will be in your balance and a mail follows. Nothing is
        charged twice.
      </p>
    </>
  );
}
