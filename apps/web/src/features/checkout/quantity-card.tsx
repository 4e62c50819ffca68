import type { PricesView, QuoteView } from "@scanmeter/contracts/checkout";
import { For, Show } from "solid-js";
import { creditsInWords, formatCredits } from "../../format/credits.ts";
import { formatPercent } from "../../format/money.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { TierTable } from "./tier-table.tsx";

interface QuantityCardProps {
  prices: PricesView;
  text: string;
  /** What the text means; null when it is no quantity. */
  quantity: number | null;
  problem: string | undefined;
  /** The price of this very quantity, when it is known. */
  quote: QuoteView | null;
  onInput: (text: string) => void;
  onCommit: () => void;
}

/** How many credits: usual amounts by one press, any other typed, and what more would save. */
export function QuantityCard(props: QuantityCardProps) {
  /** One press for each discount there is. */
  const presets = () => props.prices.tiers.filter(({ discountPercent }) => discountPercent > 0);
  return (
    <section class="card checkout__card" aria-labelledby="quantity-title">
      <h2 id="quantity-title" class="card__title">
        How many credits?
      </h2>
      <Show when={presets().length > 0}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce itself before each press */}
        <div class="presets" role="group" aria-label="Usual quantities">
          <For each={presets()}>
            {(tier) => (
              <button
                type="button"
                class="preset"
                aria-pressed={props.quantity === tier.from}
                onClick={() => props.onInput(String(tier.from))}
              >
                <span class="preset__quantity">{creditsInWords(tier.from)}</span>
                <span class="preset__discount">{formatPercent(tier.discountPercent)} off</span>
              </button>
            )}
          </For>
        </div>
      </Show>
      <div class="quantity">
        <TextField
          label="Credits to buy"
          name="quantity"
          inputMode="numeric"
          autocomplete="off"
          maxLength={12}
          value={props.text}
          onInput={props.onInput}
          onCommit={props.onCommit}
          problem={props.problem}
          hint={`A whole number up to ${formatCredits(props.prices.quantityMax)}. With 0, only a card is saved.`}
        />
      </div>
      <div class="quantity__cap" role="status">
        <Show when={cap(props.quote)}>
          {(larger) => (
            <>
              <span>
                You pay no more than for {creditsInWords(larger().quantity)}: {larger().more} more{" "}
                {larger().more === "1" ? "costs" : "cost"} nothing.
              </span>
              <Button size="small" onClick={() => props.onInput(String(larger().quantity))}>
                Take {formatCredits(larger().quantity)}
              </Button>
            </>
          )}
        </Show>
      </div>
      <TierTable prices={props.prices} quantity={props.quantity} />
    </section>
  );
}

function cap(quote: QuoteView | null): { quantity: number; more: string } | null {
  if (quote?.cappedByQuantity === undefined) return null;
  const more = formatCredits(quote.cappedByQuantity - quote.quantity);
  return { quantity: quote.cappedByQuantity, more };
}
