import { For } from "solid-js";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { type ExpiryRow, rowInWords } from "./expiry-rows.ts";

/** Old and new dates side by side, to the minute. */
export function ExpiryTable(props: { rows: readonly ExpiryRow[] }) {
  const place = usePlace();
  const written = (at: number | null, none: string) =>
    at === null ? none : shortInstant(at, place());
  return (
    <table class="figures">
      <caption class="figures__caption">Expiry dates in {zoneName(place().timeZone)}</caption>
      <thead>
        <tr>
          <th scope="col">Credits</th>
          <th scope="col">Now</th>
          <th scope="col">After this order</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {(row) => (
            <tr>
              <th scope="row">{rowInWords(row)}</th>
              <td>{written(row.endsAt, "none yet")}</td>
              <td>{written(row.movesTo, "the same")}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
