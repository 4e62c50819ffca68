import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { formatMoney } from "../../format/money.ts";
import { CancelOrder } from "./cancel-order.tsx";
import { markPaying } from "./trip-memory.ts";

/** The bank wants its customer to confirm, and the customer came back without having done so. */
export function AwaitingBank(props: { view: CheckoutView; url: string }) {
  const amount = () => formatMoney(props.view.quote.totalMinor, props.view.quote.currency);
  return (
    <section class="card checkout__card" aria-labelledby="bank-title">
      <h2 id="bank-title" class="card__title">
        Your bank asks you to confirm
      </h2>
      <p>
        The payment of {amount()} waits for your confirmation on your bank's page. Nothing is
        charged before that.
      </p>
      <div class="checkout__ways">
        <a
          class="button button--primary"
          href={props.url}
          rel="external"
          onClick={() => markPaying(props.view.id)}
        >
          Continue to your bank
        </a>
        <CancelOrder checkoutId={props.view.id} isPaying={false} />
      </div>
    </section>
  );
}
