import type { MovedDateView, PostingView } from "@scanmeter/contracts/activity";
import { For, type JSX, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { creditsInWords, formatCredits } from "../../format/credits.ts";
import { type Place, shortInstant, shortInstantWithSeconds } from "../../format/instants.ts";
import { createAnswer } from "../../live/create-answer.ts";
import { usePlace } from "../../session/use-place.ts";
import { lotNameInWords, moveInWords } from "./posting-words.ts";

/** Why it was booked, and everything it moved. A posting never changes, so it is asked for once. */
export function PostingDetails(props: { version: number }) {
  const { answer, hasFailed } = createAnswer(() =>
    api.account.posting.query({ version: props.version }),
  );
  return (
    <Show
      when={answer()}
      fallback={
        <p class="posting__loading" role="status">
          {hasFailed() ? "It could not be loaded. Trying again…" : "Loading…"}
        </p>
      }
    >
      {(posting) => <Full posting={posting()} />}
    </Show>
  );
}

function Full(props: { posting: PostingView }) {
  const place = usePlace();
  const isLate = () => props.posting.recordedAt !== props.posting.bookedAt;
  const at = (iso: string) => shortInstantWithSeconds(Date.parse(iso), place());
  return (
    <div class="posting__details">
      <For each={props.posting.why}>{(sentence) => <p class="posting__why">{sentence}</p>}</For>
      <Show when={props.posting.moves.length + props.posting.dates.length > 0}>
        <ul class="posting__moves">
          <For each={props.posting.moves}>{(move) => <li>{moveInWords(move, place())}</li>}</For>
          <For each={props.posting.dates}>{(moved) => <li>{dateInWords(moved, place())}</li>}</For>
        </ul>
      </Show>
      <dl class="posting__facts labelled">
        <Fact name="Posting">{formatCredits(props.posting.version)}</Fact>
        <Fact name="Counts from">{at(props.posting.bookedAt)}</Fact>
        <Show when={isLate()}>
          <Fact name="Written down">{at(props.posting.recordedAt)}</Fact>
        </Show>
        <Show when={props.posting.owedAfter > 0}>
          <Fact name="Owed after">{creditsInWords(props.posting.owedAfter)}</Fact>
        </Show>
        <Show when={props.posting.documents.length > 0}>
          <Fact name="Documents">
            <For each={props.posting.documents}>
              {(paper) => (
                <a class="posting__link" href={paper.url} rel="external" download="">
                  {paper.kind === "invoice" ? "Invoice" : "Credit note"} {paper.number}
                </a>
              )}
            </For>
          </Fact>
        </Show>
        <Fact name="Hash">
          <code class="breakable">{props.posting.hash}</code>
        </Fact>
      </dl>
    </div>
  );
}

function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** Its lot is named by the date it has now, which may be a later one still. */
function dateInWords({ lot, oldExpiresAt, newExpiresAt }: MovedDateView, place: Place): string {
  const day = (iso: string) => shortInstant(Date.parse(iso), place);
  const moved = `from ${day(oldExpiresAt)} to ${day(newExpiresAt)}`;
  return `${lotNameInWords(lot, place)}: its date moved ${moved}.`;
}
