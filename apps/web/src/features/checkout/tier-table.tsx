import type { PricesView } from "@scanmeter/contracts/checkout";
import { isMinor, netHalfUp } from "@scanmeter/core";
import { createMemo, For, Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { formatMoney, formatPercent } from "../../format/money.ts";

/** The more, the cheaper each of them; the row of the typed quantity says so. */
export function TierTable(props: { prices: PricesView; quantity: number | null }) {
  const reached = createMemo(() => {
    const quantity = props.quantity ?? 0;
    return props.prices.tiers.findLastIndex(({ from }) => from <= quantity);
  });
  const range = (index: number) => {
    const from = formatCredits(props.prices.tiers[index]?.from ?? 1);
    const next = props.prices.tiers[index + 1];
    return next ? `${from} to ${formatCredits(next.from - 1)}` : `${from} and more`;
  };
  return (
    <table class="tiers">
      <caption class="tiers__caption">Price by quantity, before tax</caption>
      <thead>
        <tr>
          <th scope="col">Credits</th>
          <th scope="col">Discount</th>
          <th scope="col" class="tiers__number">
            Per credit
          </th>
        </tr>
      </thead>
      <tbody>
        <For each={props.prices.tiers}>
          {(tier, index) => (
            <tr class={index() === reached() ? "tiers__reached" : ""}>
              <th scope="row">
                {range(index())}
                <Show when={index() === reached()}>
                  <span class="visually-hidden">, your quantity</span>
                </Show>
              </th>
              <td>{tier.discountPercent === 0 ? "none" : formatPercent(tier.discountPercent)}</td>
              <td class="tiers__number">{perCredit(props.prices, tier.discountPercent)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

/** The one price that is worked out here, by the same rounding as every quote. */
function perCredit({ unitPriceMinor, currency }: PricesView, discountPercent: number): string {
  if (!isMinor(unitPriceMinor)) return "";
  return formatMoney(netHalfUp({ quantity: 1, unitPriceMinor, discountPercent }), currency);
}
