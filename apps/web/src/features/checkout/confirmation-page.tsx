import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, Match, on, onMount, Show, Switch } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { formatMoney } from "../../format/money.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { cardInWords } from "../cards/card-words.ts";
import { AutoTopUpReview } from "./auto-top-up-review.tsx";
import { AwaitingBank } from "./awaiting-bank.tsx";
import { CancelOrder } from "./cancel-order.tsx";
import { useCheckout } from "./checkout-context.tsx";
import { Confirming } from "./confirming.tsx";
import { createPayment } from "./create-payment.ts";
import { OrderAside } from "./order-aside.tsx";
import { Review } from "./review.tsx";
import { stepPath } from "./steps.ts";

/** The third step: everything once more, and the one button that costs money. */
export default function ConfirmationPage() {
  const { checkout } = useCheckout();
  const feed = useBalanceFeed();
  const navigate = useNavigate();
  const [query] = useSearchParams<{ checkout?: string }>();
  // What the payment provider adds on the way back must not stay in the address or the history.
  onMount(() => {
    // One that is complete by now is on its way to Account Overview already.
    if (query.checkout && checkout.view()?.status !== "complete") {
      navigate(stepPath("confirmation", query.checkout), { replace: true, scroll: false });
    }
  });
  // The balance may tell of the payment before anybody asks.
  createEffect(on(feed.round, () => void checkout.refresh(), { defer: true }));
  return (
    <Show when={checkout.view()}>
      {(view) => (
        <Switch fallback={<Confirm view={view()} />}>
          <Match when={view().nextAction?.url}>
            {(url) => <AwaitingBank view={view()} url={url()} />}
          </Match>
          <Match when={view().status === "processing"}>
            <Confirming view={view()} />
          </Match>
        </Switch>
      )}
    </Show>
  );
}

function Confirm(props: { view: CheckoutView }) {
  const flow = useCheckout();
  const payment = createPayment(flow);
  const [oldTotal, setOldTotal] = createSignal<number | null>(null);

  const money = (amountMinor: number) => formatMoney(amountMinor, props.view.quote.currency);
  const total = createMemo(() => props.view.quote.totalMinor);
  // However the new price came to be known, it is never put on the button without a word.
  createEffect(
    on(total, (_, before) => {
      if (before !== undefined) setOldTotal(before);
    }),
  );
  const isCharged = () => props.view.quantity > 0;
  const card = () => props.view.paymentMethod;

  return (
    <div class="checkout__columns">
      <div class="checkout__column">
        <Show when={!flow.isErrorAnswered() && props.view.lastError}>
          {(error) => (
            <Notice tone="failure">
              <p>{error().message} Nothing was charged.</p>
              <a
                class="button button--plain button--small notice__way"
                href={stepPath("billing", props.view.id)}
              >
                Use another card
              </a>
            </Notice>
          )}
        </Show>
        <Show when={oldTotal() !== null && oldTotal() !== total()}>
          <Notice tone="attention">
            <p>
              The price has changed: it was {money(oldTotal() ?? 0)} and is now{" "}
              <strong>{money(total())}</strong>.
            </p>
            <p>Nothing was charged. Pay the new price, or change the order.</p>
          </Notice>
        </Show>
        <Review view={props.view} />
        <AutoTopUpReview checkoutId={props.view.id} />
      </div>
      <OrderAside view={props.view}>
        <Show when={payment.problem()}>
          {(problem) => <Notice tone={problem().tone}>{problem().text}</Notice>}
        </Show>
        <Show when={isCharged() && card()}>
          {(paying) => (
            <p class="consent">
              With the button below you order {creditsInWords(props.view.quantity)} to be usable at
              once, and {cardInWords(paying())} is charged {money(total())} once.
            </p>
          )}
        </Show>
        <Button
          look="primary"
          class="button--pay"
          isBusy={payment.isBusy()}
          busyText={isCharged() ? "Paying…" : "Saving…"}
          onClick={() => void payment.pay(props.view)}
        >
          {isCharged() ? `Pay ${money(total())}` : "Save card"}
        </Button>
        <CancelOrder checkoutId={props.view.id} isPaying={payment.isBusy()} />
      </OrderAside>
    </div>
  );
}
