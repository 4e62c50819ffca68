import type { MoneyView } from "@scanmeter/contracts/checkout";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { formatMoney, formatPercent, formatReduction } from "../../format/money.ts";

/** What is paid, line by line, as the server worked it out. */
export function QuoteLines(props: { quote: MoneyView }) {
  const money = (amountMinor: number) => formatMoney(amountMinor, props.quote.currency);
  // The one figure that no field holds. The server's sum is subtotal − discount + tax = total.
  const beforeTax = () => props.quote.totalMinor - props.quote.taxMinor;
  return (
    <>
      <dl class="sums">
        <div class="sums__line">
          <dt>
            {creditsInWords(props.quote.quantity)}{" "}
            <span class="quiet">at {money(props.quote.unitPriceMinor)}</span>
          </dt>
          <dd>{money(props.quote.subtotalMinor)}</dd>
        </div>
        <Show when={props.quote.discountMinor > 0}>
          <div class="sums__line sums__line--saving">
            <dt>
              You save{" "}
              <Show
                when={props.quote.cappedByQuantity}
                fallback={<span class="quiet">{formatPercent(props.quote.discountPercent)}</span>}
              >
                {(quantity) => <span class="quiet">priced as {creditsInWords(quantity())}</span>}
              </Show>
            </dt>
            <dd>{formatReduction(props.quote.discountMinor, props.quote.currency)}</dd>
          </div>
        </Show>
        <div class="sums__line sums__line--between">
          <dt>Total before tax</dt>
          <dd>{money(beforeTax())}</dd>
        </div>
        <div class="sums__line">
          <dt>
            VAT <span class="quiet">{formatPercent(props.quote.taxPercent)}</span>
          </dt>
          <dd>{money(props.quote.taxMinor)}</dd>
        </div>
        <div class="sums__line sums__line--total">
          <dt>Total</dt>
          <dd>{money(props.quote.totalMinor)}</dd>
        </div>
      </dl>
      <Show when={props.quote.taxNote}>
        <p class="sums__note">{props.quote.taxNote}</p>
      </Show>
    </>
  );
}
