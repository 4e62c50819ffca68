import type { ScanDetails, ScanStep } from "@scanmeter/contracts/scans";
import { For, Show } from "solid-js";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortInstantWithSeconds, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { sourceInWords } from "../overview/lot-words.ts";

/** Everything that was booked for the scan, first to last. */
export function ScanSteps(props: { scan: ScanDetails }) {
  const place = usePlace();
  return (
    <section class="card" aria-labelledby="steps-title">
      <div class="card__head">
        <h2 id="steps-title" class="card__title">
          What happened
        </h2>
        <p class="quiet">Times in {zoneName(place().timeZone)}</p>
      </div>
      <table class="table">
        <caption class="visually-hidden">
          Hours, pauses and the end of this scan, first to last
        </caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Paid from</th>
            <th scope="col" class="table__number">
              Credits
            </th>
            <th scope="col" class="table__number">
              Balance after
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.scan.steps}>{(step) => <Step step={step} />}</For>
        </tbody>
      </table>
    </section>
  );
}

function Step(props: { step: ScanStep }) {
  const place = usePlace();
  const hasMoved = () => props.step.credits !== 0;
  return (
    <tr>
      <td class="steps__when">
        <time dateTime={props.step.at}>
          {shortInstantWithSeconds(Date.parse(props.step.at), place())}
        </time>
      </td>
      <th scope="row" class="steps__what">
        {props.step.text}
      </th>
      <td class="steps__lot quiet">
        <Show when={hasMoved()}>{lotInWords(props.step)}</Show>
      </td>
      <td class="table__number steps__credits">
        <span
          class={hasMoved() ? `amount ${props.step.credits > 0 ? "amount--gained" : ""}` : "quiet"}
        >
          {signedCredits(props.step.credits)}
        </span>
      </td>
      <td class="table__number steps__after">{formatCredits(props.step.balanceAfter)}</td>
    </tr>
  );
}

function lotInWords({ lot }: ScanStep): string {
  if (lot === null) return "nobody yet: owed";
  return `${sourceInWords(lot.source)}, ${lot.kind}`;
}
