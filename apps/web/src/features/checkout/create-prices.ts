import type { PricesView } from "@scanmeter/contracts/checkout";
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";

export interface Prices {
  /** Null until the first answer. */
  prices: Accessor<PricesView | null>;
  /** No answer yet, and it is being tried again. */
  hasFailed: Accessor<boolean>;
}

/** What can be bought here at what price. It changes with a release, so one answer is enough. */
export function createPrices(): Prices {
  const [prices, setPrices] = createSignal<PricesView | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const refresher = makeRefresher(async () => {
    try {
      setPrices(await api.pricing.tiers.query({}));
      setFailed(false);
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  refresher.ask();
  onCleanup(refresher.stop);
  return { prices, hasFailed };
}
