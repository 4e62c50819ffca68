import { Match, Show, Switch } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { useServerTime } from "../../time/server-time.tsx";

/** What an empty balance means and what to do about it. */
export function NoCredits(props: { debt: number; canBeBought: boolean }) {
  const feed = useBalanceFeed();
  const session = useSession();
  const time = useServerTime();
  // Spent lots are not shown, so an old customer has none either; but something was booked for them.
  const isNew = () => feed.state().overview?.version === 0 && props.debt === 0;
  return (
    <>
      <h3 class="card__subtitle">{isNew() ? "No credits yet" : "No credits left"}</h3>
      <p>
        A scan costs 1 credit per started hour, at most 5.
        <Show when={!isNew()}> Scans that need a credit wait until some arrive.</Show>
      </p>
      <Switch>
        <Match when={props.canBeBought}>
          <p>Credits you buy are here as soon as they are paid.</p>
        </Match>
        <Match when={time.isTestClock()}>
          <p>In this sandbox, add some with:</p>
          <pre class="command">
            <code>npm run ops -- grant --account {session.me()?.user.email} --credits 10</code>
          </pre>
        </Match>
        <Match when={true}>
          <p>Ask whoever set up Scanmeter for you to add credits.</p>
        </Match>
      </Switch>
    </>
  );
}
