import type { ScanView } from "@scanmeter/contracts/scans";
import { For, Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { timeOfDay, zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { ScanButtons } from "./scan-buttons.tsx";
import { currentHour, nextDebit, scanTitle, stateInWords } from "./scan-words.ts";

export function ScanRow(props: { scan: ScanView; onStop: () => void }) {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const hour = () =>
    currentHour(props.scan, time.now() - (feed.state().newest?.readAt ?? time.now()));
  const isMetered = () => props.scan.mode === "credits";
  return (
    <li class="scan">
      <div class="scan__names">
        <h3 class="scan__title">{scanTitle(props.scan)}</h3>
        <Show when={props.scan.label}>
          <p class="quiet scan__target">{props.scan.targetUrl}</p>
        </Show>
        <p class="scan__state">
          <span class={`tag ${props.scan.state === "running" ? "tag--accent" : "tag--strong"}`}>
            {stateInWords(props.scan)}
          </span>
          <Show when={props.scan.pausedFor === "credits"}>
            <span class="quiet">goes on by itself when credits arrive</span>
          </Show>
        </p>
      </div>
      <dl class="scan__facts">
        <div>
          <dt>Progress</dt>
          <dd>
            hour {hour()}
            <Show when={isMetered()}>
              {" "}
              of {props.scan.creditsMax}
              <HourBlocks debited={props.scan.creditsDebited} max={props.scan.creditsMax} />
            </Show>
          </dd>
        </div>
        <div>
          <dt>Credits so far</dt>
          <dd>
            <Show when={isMetered()} fallback="none, unlimited">
              {formatCredits(props.scan.creditsDebited)} of at most{" "}
              {formatCredits(props.scan.creditsMax)}
            </Show>
          </dd>
        </div>
        <div>
          <dt>Next debit</dt>
          <dd>
            <NextDebit scan={props.scan} />
          </dd>
        </div>
      </dl>
      <ScanButtons scan={props.scan} onStop={props.onStop} />
    </li>
  );
}

function NextDebit(props: { scan: ScanView }) {
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

/** The hours of the scan as blocks; the words beside them say the same. */
function HourBlocks(props: { debited: number; max: number }) {
  return (
    <span class="hours" aria-hidden="true">
      <For each={Array.from({ length: props.max })}>
        {(_, index) => (
          <span class={`hours__hour ${index() < props.debited ? "hours__hour--started" : ""}`} />
        )}
      </For>
    </span>
  );
}
