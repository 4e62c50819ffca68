import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { type Budget, likelyInWords, shortfallInWords } from "./budget-words.ts";

/** Beside whatever starts a scan: what it is likely to cost, and a warning when that is not there. */
export function BudgetHint(props: { budget: Budget }) {
  const feed = useBalanceFeed();
  const session = useSession();
  const shortfall = () => {
    const balance = feed.state().newest?.balance;
    return balance ? shortfallInWords(props.budget, balance) : null;
  };
  // Null where nothing can be bought.
  const mayBuy = () => Boolean(feed.state().overview?.autoTopUp) && session.me()?.role !== "member";
  return (
    <div class="budget">
      <p>
        <span class="budget__what">What it costs:</span> {likelyInWords(props.budget)}
      </p>
      <p class="budget__shortfall" role="status">
        <Show when={shortfall()}>
          {(sentence) => (
            <>
              {sentence()}{" "}
              <Show when={mayBuy()}>
                <a href="/checkout/order">Get more</a>
              </Show>
            </>
          )}
        </Show>
      </p>
    </div>
  );
}
