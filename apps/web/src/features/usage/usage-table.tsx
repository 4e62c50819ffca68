import type { UsageView } from "@scanmeter/contracts/usage";
import { For, Show } from "solid-js";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortDay, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";

/** What the drawing shows, day by day, and what it foresees. */
export function UsageTable(props: { view: UsageView }) {
  const hasOther = () => props.view.days.some(({ other }) => other !== 0);
  return (
    <>
      <table class="figures">
        <caption class="figures__caption">Day by day, in {zoneName(props.view.timeZone)}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Used</th>
            <th scope="col">Added</th>
            <th scope="col">Expired</th>
            <Show when={hasOther()}>
              <th scope="col">Other</th>
            </Show>
            <th scope="col">Left</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.view.days}>
            {(day) => (
              <tr>
                <th scope="row">{shortDay(Date.parse(day.date), { timeZone: "UTC" })}</th>
                <td>{formatCredits(day.used)}</td>
                <td>{formatCredits(day.added)}</td>
                <td>{formatCredits(day.expired)}</td>
                <Show when={hasOther()}>
                  <td>{signedCredits(day.other)}</td>
                </Show>
                <td>{formatCredits(day.balanceAtEnd)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={hasOther()}>
        <p class="quiet figures__note">
          Other: refunds, disputes, corrections, and hours that were owed or repaid.
        </p>
      </Show>
      <ForecastTable view={props.view} />
    </>
  );
}

function ForecastTable(props: { view: UsageView }) {
  const place = usePlace();
  const rows = () => {
    const { points, expiring } = props.view.forecast;
    return (
      points
        .slice(1)
        // Of two points of one instant the second is what is left of the fall.
        .filter(({ at }, index, later) => later[index + 1]?.at !== at)
        .map((point) => ({
          ...point,
          expired: expiring.find(({ at }) => at === point.at)?.credits,
        }))
    );
  };
  return (
    <Show when={rows().length > 0}>
      <table class="figures">
        <caption class="figures__caption">If use goes on like this and nothing is bought</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Expired</th>
            <th scope="col">Left, about</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr>
                <th scope="row">{shortDay(Date.parse(row.at), place())}</th>
                <td>{formatCredits(row.expired ?? 0)}</td>
                <td>{formatCredits(Math.round(row.available))}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}
