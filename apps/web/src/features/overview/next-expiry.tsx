import type { NextExpiry as Expiry } from "@scanmeter/contracts/live";
import { Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { instantWithZone, lastUsableDay, untilInWords } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";

export function NextExpiry(props: { expiry: Expiry | null }) {
  const place = usePlace();
  const time = useServerTime();
  return (
    <>
      <h3 class="card__subtitle">Next expiry</h3>
      <Show when={props.expiry} fallback={<p>No credits are about to expire.</p>}>
        {(expiry) => {
          const at = () => Date.parse(expiry().at);
          return (
            <>
              <p class="balance__expiry-amount">
                <strong>{creditsInWords(expiry().credits)}</strong>{" "}
                {untilInWords({ at: at(), now: time.now() }, place())}
              </p>
              <p>
                Expires <time dateTime={expiry().at}>{instantWithZone(at(), place())}</time>
              </p>
              <p class="quiet">Last usable day: {lastUsableDay(at(), place())}</p>
            </>
          );
        }}
      </Show>
    </>
  );
}
