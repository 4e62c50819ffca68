import type { TopUpView } from "@scanmeter/contracts/checkout";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { createPolling } from "../../live/create-polling.ts";
import { Button } from "../../ui/button.tsx";
import { PurchaseFacts } from "./purchase-facts.tsx";

/** Whether it is paid, only the server can tell; it asks for a while, then says that one may leave. */
export function ConfirmingPurchase(props: { purchase: TopUpView; refresh: () => Promise<void> }) {
  const { isAsking, askAgain } = createPolling(props.refresh);
  return (
    <>
      <PurchaseFacts purchase={props.purchase} />
      <div class="confirming__told" role="status">
        <Show
          when={isAsking()}
          fallback={<p>The bank still has not answered. There is nothing left for you to do.</p>}
        >
          <p>The bank is being asked. This usually takes a few seconds.</p>
        </Show>
        <p>
          You can leave this page: as soon as the payment is confirmed, the{" "}
          {creditsInWords(props.purchase.credits)} will be in your balance. Nothing is charged
          twice.
        </p>
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
    </>
  );
}
