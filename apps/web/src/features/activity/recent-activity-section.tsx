import { For, Show } from "solid-js";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Fetched } from "../../shell/fetched.tsx";
import { amountClass } from "./amount-class.ts";
import type { RecentActivity } from "./create-recent-activity.ts";

/** What happened to the account lately, newest first. */
export function RecentActivitySection(props: { activity: RecentActivity }) {
  const place = usePlace();
  return (
    <section class="card activity" aria-labelledby="activity-title">
      <div class="card__head">
        <h2 id="activity-title" class="card__title">
          Recent activity
        </h2>
        <p class="quiet activity__aside">
          Times in {zoneName(place().timeZone)}
          <a class="link--target" href="/activity">
            All activity
          </a>
        </p>
      </div>
      <Fetched what="recent activity" value={props.activity.value()} from={props.activity}>
        {(shown) => (
          <Show
            when={shown().length > 0}
            fallback={
              <p class="empty">
                Nothing has happened yet. Credits that arrive and hours that are scanned are listed
                here.
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
        )}
      </Fetched>
    </section>
  );
}
