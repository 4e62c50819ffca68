/**
 * What was used, day by day, and how long the rest lasts. A file of its own, because nobody needs it
 * for the first look at the balance.
 */
import { createEffect, createMemo, createSignal, For, Show } from "solid-js";
import { zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { StaleNote } from "../../shell/stale-note.tsx";
import "../../styles/charts.css";
import { dayInWords } from "../../format/instants.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { AsTable } from "../../ui/as-table.tsx";
import { BurnChart } from "./burn-chart.tsx";
import { createUsage, type ShownDays } from "./create-usage.ts";
import { rememberDrawn, UsageGrey } from "./usage-skeleton.tsx";
import { UsageTable } from "./usage-table.tsx";
import { courseInWords, forecastInWords, isUnused } from "./usage-words.ts";

const choices: readonly ShownDays[] = [30, 90];

export default function UsageSection() {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const place = usePlace();
  const [days, setDays] = createSignal<ShownDays>(30);
  const today = createMemo(() => dayInWords(time.now(), place()));
  const usage = createUsage({ round: feed.round, days, today });
  const isDrawn = createMemo(() => {
    const view = usage.value();
    return view && !isUnused(view);
  });
  createEffect(() => {
    const drawn = isDrawn();
    if (drawn !== undefined) rememberDrawn(drawn);
  });
  const buysAutomatically = () => {
    const settings = feed.state().overview?.autoTopUp;
    return settings?.enabled === true && settings.status === "active";
  };

  return (
    <section class="card usage" aria-labelledby="usage-title">
      <div class="card__head">
        <h2 id="usage-title" class="card__title">
          Use and forecast
        </h2>
        <Show when={isDrawn()}>
          <fieldset class="pick">
            <legend class="visually-hidden">Days that are shown</legend>
            <For each={choices}>
              {(choice) => (
                <label class="pick__choice">
                  <input
                    class="pick__input"
                    type="radio"
                    name="usage-days"
                    checked={days() === choice}
                    onChange={() => setDays(choice)}
                  />
                  {choice} days
                </label>
              )}
            </For>
          </fieldset>
        </Show>
      </div>
      <Show
        when={usage.value()}
        fallback={
          <Show when={usage.hasFailed()} fallback={<UsageGrey />}>
            <p class="empty">What was used could not be loaded. Trying again…</p>
          </Show>
        }
      >
        {(view) => {
          const sentences = () =>
            forecastInWords(view(), { place: place(), buysAutomatically: buysAutomatically() });
          return (
            <Show
              when={isDrawn()}
              fallback={
                <p class="empty">
                  No credits used yet. What is used each day will be drawn here, and how long the
                  rest lasts.
                </p>
              }
            >
              <Show when={usage.hasFailed()}>
                <StaleNote what="What was used" fetchedAt={usage.fetchedAt()} />
              </Show>
              <p class="usage__forecast">
                <strong>{sentences()[0]}</strong> {sentences().slice(1).join(" ")}
              </p>
              <BurnChart view={view()} summary={courseInWords(view(), sentences())} />
              <AsTable what={`use and forecast, in ${zoneName(view().timeZone)}`}>
                <UsageTable view={view()} />
              </AsTable>
            </Show>
          );
        }}
      </Show>
    </section>
  );
}
