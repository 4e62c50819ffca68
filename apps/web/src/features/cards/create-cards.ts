import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";

export interface Cards {
  /** Null until the first answer. */
  cards: Accessor<readonly PaymentMethodView[] | null>;
  /** The last attempt failed; it is tried again. */
  hasFailed: Accessor<boolean>;
  refresh(): void;
}

/** The account's saved cards. */
export function createCards(): Cards {
  const [cards, setCards] = createSignal<readonly PaymentMethodView[] | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const refresher = makeRefresher(async () => {
    try {
      setCards(await api.paymentMethods.list.query({}));
      setFailed(false);
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  refresher.ask();
  onCleanup(refresher.stop);
  return { cards, hasFailed, refresh: refresher.ask };
}
