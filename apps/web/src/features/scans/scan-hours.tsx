import type { ScanView } from "@scanmeter/contracts/scans";
import { For, Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useServerTime } from "../../time/server-time.tsx";
import { currentHour } from "./scan-words.ts";

/** Which hour the scan is in, or how many it had. The blocks say the same as the words. */
export function ScanHours(props: { scan: ScanView }) {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const readAgoMs = () => time.now() - (feed.state().newest?.readAt ?? time.now());
  const isMetered = () => props.scan.mode === "credits";
  return (
    <>
      <Show
        when={props.scan.endedAt === null}
        fallback={
          <Show when={isMetered()} fallback="not metered">
            {props.scan.creditsDebited} of {props.scan.creditsMax}
          </Show>
        }
      >
        hour {currentHour(props.scan, readAgoMs())}
        <Show when={isMetered()}> of {props.scan.creditsMax}</Show>
      </Show>
      <Show when={isMetered()}>
        <span class="hours" aria-hidden="true">
          <For each={Array.from({ length: props.scan.creditsMax })}>
            {(_, index) => (
              <span
                class={`hours__hour ${index() < props.scan.creditsDebited ? "hours__hour--started" : ""}`}
              />
            )}
          </For>
        </span>
      </Show>
    </>
  );
}
