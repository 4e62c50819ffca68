import type { LotView } from "@scanmeter/contracts/live";
import { For, Show, Suspense } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { shortInstant, untilInWords, zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { StaleNote } from "../../shell/stale-note.tsx";
import { useServerTime } from "../../time/server-time.tsx";
import { later } from "../../ui/later.ts";
import { ExpiryGrey } from "../expiry/expiry-grey.tsx";
import { rowsShown } from "../expiry/expiry-rows.ts";
import { isKept } from "./kept-words.ts";
import { sourceInWords } from "./lot-words.ts";

const LotsTimeline = later(() => import("../expiry/lots-timeline.tsx"));

/** Every parcel of credits with its own date. Free ones pay first, then what expires soonest. */
export function LotsSection(props: { mayBuy: boolean }) {
  const feed = useBalanceFeed();
  const place = usePlace();
  const overview = () => feed.state().overview;
  return (
    <section class="card lots" aria-labelledby="lots-title">
      <div class="card__head">
        <h2 id="lots-title" class="card__title">
          Credits by lot
        </h2>
        <p class="quiet">Free credits pay first, then those that expire soonest.</p>
      </div>
      <Show
        when={overview()}
        fallback={<p class="empty">The lots could not be loaded. Trying again…</p>}
      >
        {(shown) => (
          <>
            <Show when={feed.isFetchFailing()}>
              <StaleNote what="The lots" fetchedAt={feed.fetchedAt()} />
            </Show>
            <Show
              when={shown().lots.length > 0}
              fallback={
                <p class="empty">
                  {shown().version === 0
                    ? "No credits yet. Each purchase or gift will be a line here."
                    : "No credits left. Each purchase or gift is a line here until it is used up."}
                </p>
              }
            >
              <Suspense fallback={<ExpiryGrey rows={rowsShown(shown().lots)} />}>
                <LotsTimeline overview={shown()} mayBuy={props.mayBuy} />
              </Suspense>
              <table class="table">
                <caption class="visually-hidden">
                  Lots of credits, times in {zoneName(place().timeZone)}
                </caption>
                <thead>
                  <tr>
                    <th scope="col">Source</th>
                    <th scope="col">Kind</th>
                    <th scope="col" class="table__number">
                      Granted
                    </th>
                    <th scope="col" class="table__number">
                      Remaining
                    </th>
                    <th scope="col">Usable from</th>
                    <th scope="col">Expires ({zoneName(place().timeZone)})</th>
                  </tr>
                </thead>
                <tbody>
                  <For each={shown().lots}>
                    {(lot) => <LotRow lot={lot} isKept={isKept(lot, Date.parse(shown().now))} />}
                  </For>
                </tbody>
              </table>
            </Show>
          </>
        )}
      </Show>
    </section>
  );
}

function LotRow(props: { lot: LotView; isKept: boolean }) {
  const place = usePlace();
  const time = useServerTime();
  const effectiveAt = () => Date.parse(props.lot.effectiveAt);
  const expiresAt = () => Date.parse(props.lot.expiresAt);
  return (
    <tr>
      <th scope="row">{sourceInWords(props.lot.source)}</th>
      <td class="lots__kind">
        <span class={`tag ${props.lot.kind === "paid" && !props.isKept ? "tag--accent" : ""}`}>
          {props.isKept ? "Kept" : props.lot.kind === "paid" ? "Paid" : "Free"}
        </span>
      </td>
      <td data-label="Granted" class="table__number">
        {formatCredits(props.lot.granted)}
      </td>
      <td data-label="Remaining" class="table__number">
        <strong>{formatCredits(props.isKept ? props.lot.frozen : props.lot.remaining)}</strong>
      </td>
      <td data-label="Usable from">
        <time dateTime={props.lot.effectiveAt}>{shortInstant(effectiveAt(), place())}</time>
      </td>
      <td data-label="Expires">
        <span>
          <time dateTime={props.lot.expiresAt}>{shortInstant(expiresAt(), place())}</time>{" "}
          <span class={`quiet ${props.isKept ? "" : "unbroken"}`}>
            {props.isKept
              ? "expired, kept for the next purchase"
              : expiresAt() <= time.now()
                ? "expired"
                : untilInWords({ at: expiresAt(), now: time.now() }, place())}
          </span>
        </span>
      </td>
    </tr>
  );
}
