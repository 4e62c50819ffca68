import { ageInWords } from "../format/instants.ts";
import { useServerTime } from "../time/server-time.tsx";

/** Above values that could not be fetched again: they stay on screen, with their age. */
export function StaleNote(props: {
  what: string;
  /** Local, epoch milliseconds. */
  fetchedAt: number;
}) {
  const time = useServerTime();
  const age = () => {
    // The age is in local time; the ticking clock is read only to look again each second.
    time.now();
    return ageInWords(Math.max(0, Date.now() - props.fetchedAt));
  };
  return (
    <p class="stale">
      {props.what} could not be refreshed. Shown as of {age()} ago; trying again.
    </p>
  );
}
