import type { ScanDetails } from "@scanmeter/contracts/scans";
import { type ParentProps, Show } from "solid-js";
import { durationInWords } from "../../format/duration.ts";
import { instantWithZone } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { hasOwnName, targetTitle } from "../targets/target-words.ts";
import { NextDebit } from "./next-debit.tsx";
import { costInWords } from "./scan-cost-words.ts";
import { scansOfTarget } from "./scan-filter.ts";
import { ScanHours } from "./scan-hours.tsx";
import { ScanState } from "./scan-state.tsx";
import { withoutScheme } from "./scan-words.ts";

/** Where the scan stands; its children are what can be done about it. */
export function ScanFacts(props: ParentProps<{ scan: ScanDetails }>) {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const place = usePlace();
  const target = () => ({ name: props.scan.targetName, url: props.scan.targetUrl });
  const isOver = () => props.scan.endedAt !== null;
  const activeSeconds = () => {
    const { activeSeconds: known, state } = props.scan;
    if (state !== "running") return known;
    return known + (time.now() - (feed.state().newest?.readAt ?? time.now())) / 1000;
  };
  const instant = (at: string) => (
    <time dateTime={at}>{instantWithZone(Date.parse(at), place())}</time>
  );
  return (
    <section class="card" aria-label="Where it stands">
      <div class="one-scan__top">
        <div>
          <p class="one-scan__state">
            <ScanState scan={props.scan} />
          </p>
          <p>
            <strong>{costInWords(props.scan)}</strong>
          </p>
        </div>
        {props.children}
      </div>
      <dl class="one-scan__facts labelled">
        <div>
          <dt>Hours</dt>
          <dd>
            <ScanHours scan={props.scan} />
          </dd>
        </div>
        <Show when={!isOver()}>
          <div>
            <dt>Next debit</dt>
            <dd>
              <NextDebit scan={props.scan} />
            </dd>
          </div>
        </Show>
        <div>
          <dt>Active time</dt>
          <dd>{durationInWords(activeSeconds())}</dd>
        </div>
        <div>
          <dt>Target</dt>
          <dd>
            <a class="link--target" href={scansOfTarget(props.scan.targetId)}>
              {targetTitle(target())}
              <span class="visually-hidden"> (all its scans)</span>
            </a>
            <Show when={hasOwnName(target())}>
              <span class="quiet one-scan__address">{withoutScheme(props.scan.targetUrl)}</span>
            </Show>
          </dd>
        </div>
        <div>
          <dt>Runner key</dt>
          <dd>{props.scan.runnerKey?.name ?? "unknown"}</dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd>{instant(props.scan.startedAt)}</dd>
        </div>
        <Show when={props.scan.endedAt}>
          {(at) => (
            <div>
              <dt>Ended</dt>
              <dd>{instant(at())}</dd>
            </div>
          )}
        </Show>
      </dl>
    </section>
  );
}
