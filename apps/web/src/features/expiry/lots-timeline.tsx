/** The lots of the table below on one axis of time, and on request what a purchase today would do to them. */
import type { ExtendedLotView } from "@scanmeter/contracts/checkout";
import type { Overview } from "@scanmeter/contracts/live";
import { createSignal, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createRefreshed } from "../../live/create-refreshed.ts";
import { CheckChoice } from "../../ui/choice.tsx";
import ExpiryChart from "./expiry-chart.tsx";
import { rowsOfLots, rowsShown } from "./expiry-rows.ts";

export default function LotsTimeline(props: { overview: Overview; mayBuy: boolean }) {
  const [isThoughtOf, setThoughtOf] = createSignal(false);
  const more = () => props.overview.lots.length - rowsShown(props.overview.lots);
  return (
    <div class="expiry">
      <Show when={isThoughtOf()} fallback={<Lines overview={props.overview} moves={[]} />}>
        <ThoughtOf overview={props.overview} />
      </Show>
      <Show when={more() > 0}>
        <p class="quiet figures__note">And {more()} more in the table.</p>
      </Show>
      <Show when={props.mayBuy && props.overview.lots.some(({ kind }) => kind === "paid")}>
        <CheckChoice
          name="thought-of-purchase"
          label="Show what a purchase today would do to these dates"
          isChosen={isThoughtOf()}
          onChange={setThoughtOf}
        />
      </Show>
    </div>
  );
}

function Lines(props: { overview: Overview; moves: readonly ExtendedLotView[] }) {
  return (
    <ExpiryChart
      rows={rowsOfLots(props.overview, props.moves)}
      now={Date.parse(props.overview.now)}
    />
  );
}

/** Any purchase moves the same dates, so the smallest one is asked about. */
function ThoughtOf(props: { overview: Overview }) {
  const feed = useBalanceFeed();
  const quote = createRefreshed(() => api.pricing.quote.query({ quantity: 1 }), feed.round);
  return <Lines overview={props.overview} moves={quote.value()?.extends ?? []} />;
}
