import { ageInWords } from "../format/instants.ts";

/** Above values that could not be fetched again: they stay on screen, with their age. */
export function StaleNote(props: { what: string; ageMs: number }) {
  return (
    <p class="stale" role="status">
      {props.what} could not be refreshed. Shown as of {ageInWords(Math.max(0, props.ageMs))} ago;
      trying again.
    </p>
  );
}
