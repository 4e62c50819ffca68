import { Show } from "solid-js";
import { creditsInWords, formatCredits } from "../format/credits.ts";
import { useBalanceFeed } from "../live/balance-feed.tsx";

/** The balance on every page. Its dot is filled while live; the words for that are in the title and on the page. */
export function BalanceChip() {
  const feed = useBalanceFeed();
  const available = () => feed.state().newest?.balance.available;
  // On the narrowest screens there is room for a long number or for the unit.
  const isLong = () => formatCredits(available() ?? 0).length > 5;
  const isLive = () => feed.connection().is === "live";
  return (
    <a
      class="chip"
      href="/account"
      title={isLive() ? "Available balance, live" : "Available balance, last known"}
    >
      <span class={`chip__dot ${isLive() ? "chip__dot--live" : ""}`} aria-hidden="true" />
      <Show when={available() !== undefined} fallback={<span class="chip__loading">Balance</span>}>
        <span class="visually-hidden">
          Available balance: {creditsInWords(available() ?? 0)}
          {isLive() ? "" : ", last known"}
        </span>
        <span aria-hidden="true">
          <strong class="chip__number">{formatCredits(available() ?? 0)}</strong>{" "}
          <span class={`chip__unit ${isLong() ? "chip__unit--spare" : ""}`}>
            {available() === 1 ? "credit" : "credits"}
          </span>
        </span>
      </Show>
    </a>
  );
}
