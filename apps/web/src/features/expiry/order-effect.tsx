/** What an order does to the dates of the credits there are: each paid lot before and after. */
import type { QuoteView } from "@scanmeter/contracts/checkout";
import { createMemo, lazy, on, Suspense } from "solid-js";
import { useServerTime } from "../../time/server-time.tsx";
import { AsTable } from "../../ui/as-table.tsx";
import { ExpiryGrey } from "./expiry-grey.tsx";
import { rowsOfOrder } from "./expiry-rows.ts";
import { ExpiryTable } from "./expiry-table.tsx";

const ExpiryChart = lazy(() => import("./expiry-chart.tsx"));

export function OrderEffect(props: { quote: QuoteView }) {
  const time = useServerTime();
  const rows = createMemo(() => rowsOfOrder(props.quote));
  // The dates are those of the moment of asking.
  const now = createMemo(on(rows, () => time.now()));
  return (
    <section class="card checkout__card" aria-labelledby="order-effect-title">
      <div class="card__head">
        <h2 id="order-effect-title" class="card__title">
          What this order does to your dates
        </h2>
        <p class="quiet">Free credits keep theirs.</p>
      </div>
      <Suspense fallback={<ExpiryGrey rows={rows().length} />}>
        <ExpiryChart rows={rows()} now={now()} />
      </Suspense>
      <AsTable what="expiry dates before and after this order">
        <ExpiryTable rows={rows()} />
      </AsTable>
    </section>
  );
}
