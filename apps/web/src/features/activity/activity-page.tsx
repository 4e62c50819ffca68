/** Everything that was booked for the account, newest first, why, and the proof that nothing is missing. */
import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { usePlace } from "../../session/use-place.ts";
import { ConnectionNote } from "../../shell/connection-note.tsx";
import { Fetched } from "../../shell/fetched.tsx";
import "../../styles/activity.css";
import { PageTop } from "../../shell/page-top.tsx";
import { Button } from "../../ui/button.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import {
  type ActivityFilter,
  csvAddress,
  filterFrom,
  isBackwards,
  isFiltered,
  noFilter,
  queryOf,
  wantedOf,
} from "./activity-filter.ts";
import { ActivityFilters } from "./activity-filters.tsx";
import { createActivity } from "./create-activity.ts";
import { LedgerCheck } from "./ledger-check.tsx";
import { countOf } from "./loaded-postings.ts";
import { PostingsTable } from "./postings-table.tsx";

export default function ActivityPage() {
  const feed = useBalanceFeed();
  const session = useSession();
  const place = usePlace();
  const [query, setQuery] = useSearchParams<{ kinds?: string; from?: string; to?: string }>();
  const filter = createMemo(() => filterFrom(query));
  const wanted = () => wantedOf(filter(), place().timeZone);
  const activity = createActivity(wanted, feed.round);
  const loaded = () => (session.me() ? activity.shown() : null);

  createEffect(() => {
    const known = activity.shown();
    if (known !== null && !isFiltered(filter())) rememberRows("postings", countOf(known));
  });

  const choose = (change: Partial<ActivityFilter>) =>
    setQuery(queryOf({ ...filter(), ...change }), { scroll: false });

  return (
    <div class="postings">
      <PageTop title="Activity" below="times">
        <ConnectionNote />
      </PageTop>
      <ActivityFilters filter={filter()} csvAddress={csvAddress(wanted())} onChange={choose} />
      {/* Asked once the list is there, which is not to wait for the answer. */}
      <Show when={loaded()} fallback={<div class="ledger-check" />}>
        <LedgerCheck />
      </Show>
      <section class="card" aria-label="Postings" aria-busy={activity.isPending()}>
        <Fetched
          what="the activity"
          value={loaded()}
          from={activity}
          skeleton={
            <Skeleton what="the activity" rows={rememberedRows("postings", 12)} look="row" />
          }
        >
          {(known) => (
            <Show
              when={countOf(known()) > 0}
              fallback={<NoPostings filter={filter()} onShowAll={() => choose(noFilter)} />}
            >
              <PostingsTable loaded={known()} showOlder={activity.showOlder} />
            </Show>
          )}
        </Fetched>
      </section>
    </div>
  );
}

function NoPostings(props: { filter: ActivityFilter; onShowAll: () => void }) {
  return (
    <div class="empty">
      <Show
        when={isFiltered(props.filter)}
        fallback={
          <p>
            Nothing has happened yet. Credits that arrive, hours that are scanned and everything
            else that changes the account will be a line here.
          </p>
        }
      >
        <p>
          {isBackwards(props.filter)
            ? "The first day is after the last one, so nothing can be between them."
            : "Nothing was booked that fits this choice."}
        </p>
        <Button onClick={props.onShowAll}>Show everything</Button>
      </Show>
    </div>
  );
}
