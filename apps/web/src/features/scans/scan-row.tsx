import type { ScanView } from "@scanmeter/contracts/scans";
import { Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { NextDebit } from "./next-debit.tsx";
import { ScanButtons } from "./scan-buttons.tsx";
import { scanPath } from "./scan-filter.ts";
import { ScanHours } from "./scan-hours.tsx";
import { scanTitle, stateInWords } from "./scan-words.ts";

export function ScanRow(props: { scan: ScanView; onStop: () => void }) {
  const isMetered = () => props.scan.mode === "credits";
  return (
    <li class="scan">
      <div class="scan__names">
        <h3 class="scan__title">
          <a class="link--target" href={scanPath(props.scan.scanId)}>
            {scanTitle(props.scan)}
          </a>
        </h3>
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
      <dl class="scan__facts labelled">
        <div>
          <dt>Progress</dt>
          <dd>
            <ScanHours scan={props.scan} />
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
