import type { PricesView } from "@scanmeter/contracts/checkout";
import { Match, Switch } from "solid-js";
import { useSession } from "../../session/session.tsx";
import { WhoMay } from "../../shell/who-may.tsx";

/** The one main action of the page, or why it is not there. */
export function BuyCredits(props: { prices: PricesView | null }) {
  const session = useSession();
  return (
    <div class="buy">
      <Switch
        fallback={
          <a class="button button--primary buy__button" href="/checkout/order">
            BUY CREDITS
          </a>
        }
      >
        <Match when={props.prices?.isOpen === false}>
          <p class="quiet">Buying is switched off here. Credits come from the operator.</p>
        </Match>
        <Match when={session.me()?.role === "member"}>
          <p class="quiet">
            <WhoMay who="buyers" to="buy credits" />
          </p>
        </Match>
      </Switch>
    </div>
  );
}
