import { For, Show } from "solid-js";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { StaleNote } from "../../shell/stale-note.tsx";
import { Button } from "../../ui/button.tsx";
import { amountClass } from "./amount-class.ts";
import type { RecentActivity } from "./create-recent-activity.ts";

/** What happened to the account lately, newest first. */
export function RecentActivitySection(props: { activity: RecentActivity }) {
  const feed = useBalanceFeed();
  const place = usePlace();
  return (
    <section class="card activity" aria-labelledby="activity-title">
      <div class="card__head">
        <h2 id="activity-title" class="card__title">
          Recent activity
        </h2>
        <p class="quiet">
          Times in {zoneName(place().timeZone)}{" "}
          <a class="link--target activity__all" href="/activity">
            All activity
          </a>
        </p>
      </div>
      <Show
        when={props.activity.items()}
        fallback={
          <p class="empty">
            Recent activity could not be loaded.
            <Button size="small" onClick={feed.refresh}>
              Try again
            </Button>
          </p>
        }
      >
        {(shown) => (
          <>
            <Show when={props.activity.hasFailed()}>
              <StaleNote what="Recent activity" fetchedAt={props.activity.fetchedAt()} />
            </Show>
            <Show
              when={shown().length > 0}
              fallback={
                <p class="empty">
                  Nothing has happened yet. Credits that arrive and hours that are scanned are
                  listed here.
                </p>
              }
            >
              <table class="table">
                <caption class="visually-hidden">The latest changes, newest first</caption>
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">What</th>
                    <th scope="col" class="table__number">
                      Credits
                    </th>
                    <th scope="col" class="table__number">
                      Balance after
                    </th>
                  </tr>
                </thead>
                <tbody>
                  <For each={shown()}>
                    {(item) => (
                      <tr>
                        <td class="activity__when">
                          <time dateTime={item.bookedAt}>
                            {shortInstant(Date.parse(item.bookedAt), place())}
                          </time>
                        </td>
                        <th scope="row" class="activity__what">
                          {item.text}
                        </th>
                        <td class="table__number activity__credits">
                          <span class={amountClass(item)}>{signedCredits(item.credits)}</span>
                        </td>
                        <td class="table__number activity__after">
                          {formatCredits(item.balanceAfter)}
                        </td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </Show>
          </>
        )}
      </Show>
    </section>
  );
}
