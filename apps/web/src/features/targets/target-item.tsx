import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Button } from "../../ui/button.tsx";
import { MenuButton } from "../../ui/menu-button.tsx";
import { likelyInShort } from "../budget/budget-words.ts";
import { scansOfTarget } from "../scans/scan-filter.ts";
import { withoutScheme } from "../scans/scan-words.ts";
import {
  hasOwnName,
  modeInWords,
  switchInWords,
  targetTitle,
  usageInWords,
} from "./target-words.ts";

export type TargetAct = "scan" | "switch" | "archive";

/** One target: what it costs, and what can be done with it. */
export function TargetItem(props: {
  target: UsedTargetView;
  mayChange: boolean;
  onAct: (act: TargetAct) => void;
}) {
  const place = usePlace();
  const ofWhich = () => <span class="visually-hidden"> ({targetTitle(props.target)})</span>;
  return (
    <li class="target">
      <div class="target__names">
        <h2 class="target__title" tabIndex={-1} id={props.target.id}>
          {targetTitle(props.target)}
        </h2>
        <Show when={hasOwnName(props.target)}>
          <p class="quiet target__address">{withoutScheme(props.target.url)}</p>
        </Show>
        <p>
          <span class={`tag ${props.target.mode === "credits" ? "tag--accent" : ""}`}>
            {modeInWords(props.target.mode)}
          </span>
        </p>
      </div>
      <dl class="target__facts labelled">
        <div>
          <dt>Credits for a scan</dt>
          <dd>{likelyInShort(props.target)}</dd>
        </div>
        <div>
          <dt>Last 30 days</dt>
          <dd>{creditsInWords(props.target.creditsLast30Days)}</dd>
        </div>
        <div>
          <dt>All time</dt>
          <dd>
            <Show when={props.target.scans > 0} fallback={usageInWords(props.target)}>
              <a class="link--target" href={scansOfTarget(props.target.id)}>
                {usageInWords(props.target)}
                {ofWhich()}
              </a>
            </Show>
          </dd>
        </div>
        <div>
          <dt>Last scan</dt>
          <dd>
            <Show when={props.target.lastScanAt} fallback="none yet">
              {(at) => <time dateTime={at()}>{shortInstant(Date.parse(at()), place())}</time>}
            </Show>
          </dd>
        </div>
      </dl>
      <div class="target__buttons">
        <Button onClick={() => props.onAct("scan")}>Start a scan{ofWhich()}</Button>
        <Show when={props.mayChange}>
          <MenuButton
            label={`Change ${targetTitle(props.target)}`}
            items={[
              { label: switchInWords(props.target), onSelect: () => props.onAct("switch") },
              { label: "Archive", onSelect: () => props.onAct("archive") },
            ]}
          >
            <svg class="more" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
              <circle cx="4" cy="10" r="1.7" />
              <circle cx="10" cy="10" r="1.7" />
              <circle cx="16" cy="10" r="1.7" />
            </svg>
          </MenuButton>
        </Show>
      </div>
    </li>
  );
}
