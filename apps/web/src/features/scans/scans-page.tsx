import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createRefreshed } from "../../live/create-refreshed.ts";
import { useSession } from "../../session/session.tsx";
import { ConnectionNote } from "../../shell/connection-note.tsx";
import { Fetched } from "../../shell/fetched.tsx";
import "../../styles/scans.css";
import { PageTop } from "../../shell/page-top.tsx";
import { Button } from "../../ui/button.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createScanList } from "./create-scan-list.ts";
import { filterFrom, isFiltered, queryOf, type ScanFilter } from "./scan-filter.ts";
import { ScanFilters } from "./scan-filters.tsx";
import { ScanTable } from "./scan-table.tsx";

/** Every scan of the account, newest first; those that run are live. */
export default function ScansPage() {
  const feed = useBalanceFeed();
  const session = useSession();
  const [query, setQuery] = useSearchParams<{ state?: string; target?: string }>();
  const filter = createMemo(() => filterFrom(query));
  const list = createScanList(filter, feed.round);
  const targets = createRefreshed(
    () => api.targets.list.query({ archived: true }),
    () => 0,
  );
  const rows = () => (session.me() ? list.shown()?.items : null);

  createEffect(() => {
    const shown = list.shown();
    if (shown !== null && !isFiltered(filter())) rememberRows("all-scans", shown.items.length);
  });

  const choose = (change: Partial<ScanFilter>) =>
    setQuery(queryOf({ ...filter(), ...change }), { scroll: false });

  return (
    <div class="scan-list">
      <PageTop title="Scans" below="times">
        <ConnectionNote />
      </PageTop>
      <ScanFilters filter={filter()} targets={targets.value() ?? []} onChange={choose} />
      <section class="card" aria-label="Scans" aria-busy={list.isPending()}>
        <Fetched
          what="the scans"
          value={rows()}
          from={list}
          skeleton={
            <Skeleton what="the scans" rows={rememberedRows("all-scans", 6)} look="entry" />
          }
        >
          {(scans) => (
            <Show
              when={scans().length > 0}
              fallback={
                <NoScans
                  isFiltered={isFiltered(filter())}
                  onShowAll={() => choose({ state: null, targetId: null })}
                />
              }
            >
              <ScanTable scans={scans()} hasOlder={list.hasOlder()} showOlder={list.showOlder} />
            </Show>
          )}
        </Fetched>
      </section>
    </div>
  );
}

function NoScans(props: { isFiltered: boolean; onShowAll: () => void }) {
  return (
    <div class="empty">
      <Show
        when={props.isFiltered}
        fallback={
          <>
            <p>
              No scan yet. Each one will be listed here with its hours, what it cost and why it
              ended.
            </p>
            <a class="button button--primary" href="/targets">
              Choose what to scan
            </a>
          </>
        }
      >
        <p>No scan fits this choice.</p>
        <Button onClick={props.onShowAll}>Show all scans</Button>
      </Show>
    </div>
  );
}
