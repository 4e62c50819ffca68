import type { ScanView } from "@scanmeter/contracts/scans";
import { Show } from "solid-js";
import { timeOfDay, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { nextDebit } from "./scan-words.ts";

/** When the next credit is taken, counting down, or why none is. */
export function NextDebit(props: { scan: ScanView }) {
  const time = useServerTime();
  const place = usePlace();
  const next = () => nextDebit(props.scan, time.now());
  const countdown = () => {
    const answer = next();
    return "countdown" in answer ? answer.countdown : null;
  };
  const because = () => {
    const answer = next();
    return "because" in answer ? answer.because : null;
  };
  return (
    <Show when={countdown()} fallback={because()}>
      <span class="countdown" role="timer">
        {countdown()}
      </span>
      <Show when={props.scan.nextDebitAt}>
        {(at) => (
          <span class="quiet">
            {" "}
            at {timeOfDay(Date.parse(at()), place())} ({zoneName(place().timeZone)})
          </span>
        )}
      </Show>
    </Show>
  );
}
