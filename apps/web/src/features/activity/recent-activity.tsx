import type { ActivityItem } from "@scanmeter/contracts/live";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StaleNote } from "../../ui/stale-note.tsx";

const SHOWN = 20;

/** What happened to the account lately, newest first. Fetched together with each fresh overview. */
export function RecentActivity() {
  const feed = useBalanceFeed();
  const place = usePlace();
  const time = useServerTime();
  const [items, setItems] = createSignal<readonly ActivityItem[] | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  let fetchedAt = 0;
  let latest = 0;

  async function load(): Promise<void> {
    latest += 1;
    const mine = latest;
    try {
      const page = await api.account.activity.query({ limit: SHOWN });
      // An answer that was overtaken by a later one is older than what is on screen.
      if (mine < latest) return;
      fetchedAt = Date.now();
      setItems(page.items);
      setFailed(false);
    } catch {
      if (mine === latest) setFailed(true);
    }
  }

  createEffect(on(feed.round, load));

  const ageMs = () => {
    time.now();
    return Date.now() - fetchedAt;
  };

  return (
    <section class="card activity" aria-labelledby="activity-title">
      <div class="card__head">
        <h2 id="activity-title" class="card__title">
          Recent activity
        </h2>
        <p class="quiet">Times in {zoneName(place().timeZone)}</p>
      </div>
      <Show
        when={items()}
        fallback={
          <Show when={hasFailed()} fallback={<Skeleton what="recent activity" lines={6} />}>
            <p class="empty">
              Recent activity could not be loaded.{" "}
              <Button size="small" onClick={feed.refresh}>
                Try again
              </Button>
            </p>
          </Show>
        }
      >
        {(shown) => (
          <>
            <Show when={hasFailed()}>
              <StaleNote what="Recent activity" ageMs={ageMs()} />
            </Show>
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
                        <td class="table__when">
                          <time dateTime={item.bookedAt}>
                            {shortInstant(Date.parse(item.bookedAt), place())}
                          </time>
                        </td>
                        <th scope="row" class="table__what">
                          {item.text}
                        </th>
                        <td data-label="Credits" class="table__number">
                          <span class={amountClass(item)}>{signedCredits(item.credits)}</span>
                        </td>
                        <td data-label="Balance after" class="table__number">
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

/** Red is for credits that were lost; hours that were scanned are what credits are for. */
function amountClass(item: ActivityItem): string {
  if (item.kind === "breakage") return "amount amount--lost";
  return item.credits > 0 ? "amount amount--gained" : item.credits < 0 ? "amount" : "quiet";
}
