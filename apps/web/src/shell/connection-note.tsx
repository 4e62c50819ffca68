import { Match, Switch } from "solid-js";
import { ageInWords } from "../format/instants.ts";
import { useBalanceFeed } from "../live/balance-feed.tsx";
import { ageOf } from "../live/connection.ts";
import { useServerTime } from "../time/server-time.tsx";

/** Says in words whether the page is live, and how old its values are when it is not. */
export function ConnectionNote() {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const age = () => {
    // The age is in local time; the ticking clock is read only to look again each second.
    time.now();
    return ageOf(feed.connection(), Date.now());
  };
  return (
    <p class="connection" data-state={feed.connection().is}>
      <Switch>
        <Match when={feed.connection().is === "live"}>
          <span class="connection__dot" aria-hidden="true" />
          Live
        </Match>
        <Match when={feed.connection().is === "loading"}>
          <span class="spinner" aria-hidden="true" />
          Connecting…
        </Match>
        <Match when={feed.connection().is === "reconnecting"}>
          <span class="spinner" aria-hidden="true" />
          <span>
            Reconnecting…{" "}
            <span class="connection__age">
              {age() === null ? "no values yet" : `values from ${ageInWords(age() ?? 0)} ago`}
            </span>
          </span>
        </Match>
      </Switch>
    </p>
  );
}
