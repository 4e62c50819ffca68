import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";

/** What an empty balance means and what to do about it. */
export function NoCredits(props: { debt: number }) {
  const feed = useBalanceFeed();
  const isNew = () => feed.state().overview?.lots.length === 0 && props.debt === 0;
  return (
    <div class="balance__expiry">
      <h3 class="card__subtitle">{isNew() ? "No credits yet" : "No credits left"}</h3>
      <p>
        A scan costs 1 credit per started hour, at most 5.{" "}
        <Show when={!isNew()}>Scans that need a credit wait until some arrive. </Show>
        Ask whoever set up Scanmeter for you to add credits; they appear here at once.
      </p>
    </div>
  );
}
