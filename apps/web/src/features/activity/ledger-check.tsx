import { createEffect, createSignal, on, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { shortInstantWithSeconds } from "../../format/instants.ts";
import { createRefreshed } from "../../live/create-refreshed.ts";
import { createEveryMinute } from "../../live/every-minute.ts";
import { usePlace } from "../../session/use-place.ts";
import { StaleNote } from "../../shell/stale-note.tsx";
import { Button } from "../../ui/button.tsx";
import { checkInWords, standingOf } from "./ledger-check-words.ts";

/** When the ledger was last followed from its first posting to its newest, and how to do that oneself. */
export function LedgerCheck() {
  const place = usePlace();
  const minute = createEveryMinute();
  const [asked, setAsked] = createSignal(0);
  const check = createRefreshed(
    () => api.account.checkLedger.query(),
    () => [minute(), asked()],
  );
  // A long ledger is followed a step further each time.
  createEffect(
    on(check.value, (known) => {
      if (known && standingOf(known) === "under-way") check.refresh();
    }),
  );
  const sentence = () => {
    const known = check.value();
    if (known) return checkInWords(known, place());
    return check.hasFailed()
      ? "The ledger could not be checked. Trying again…"
      : "Checking the ledger…";
  };
  return (
    <details class="ledger-check">
      <summary class="ledger-check__summary">
        <span class={check.value()?.broken ? "ledger-check__broken" : undefined}>{sentence()}</span>
      </summary>
      <div class="ledger-check__more">
        <Show when={check.hasFailed() && check.value()}>
          <StaleNote what="The check" fetchedAt={check.fetchedAt()} />
        </Show>
        <p>
          Each posting has a hash, made of all it says and of the hash before it. Had one been
          changed, taken out or put in later, no hash from there on would fit. Keep the newest one:
          as long as your ledger still has it, nothing before it was written anew.
        </p>
        <Show when={check.value()}>
          {(known) => (
            <dl class="posting__facts labelled">
              <div>
                <dt>Newest hash checked</dt>
                <dd>
                  <code class="breakable">{known().hash || "none"}</code>
                </dd>
              </div>
              <div>
                <dt>First posting last looked at</dt>
                <dd>{shortInstantWithSeconds(Date.parse(known().begunAt), place())}</dd>
              </div>
            </dl>
          )}
        </Show>
        <p>
          The download has every posting as a line of JSON with its hash. It can be checked without
          us, by <code class="breakable">npm run ops -- verify-export</code> of the Scanmeter
          repository or a program of your own.
        </p>
        <div class="ledger-check__ways">
          <a class="button" href="/export/ledger.jsonl" rel="external" download="">
            Download the ledger
          </a>
          <Button onClick={() => setAsked(asked() + 1)}>Check again</Button>
        </div>
      </div>
    </details>
  );
}
