import type { NamedScanView } from "@scanmeter/contracts/scans";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher, type Refresher } from "../../live/make-refresher.ts";
import { type ScanFilter, wantedOf } from "./scan-filter.ts";

const PAGE = 25;
/** The server answers no more at once; what was loaded beyond that is loaded again when asked for. */
const PAGE_MAX = 200;

interface Shown {
  /** Which question the scans answer. */
  readonly question: string;
  readonly scans: readonly NamedScanView[];
  readonly nextCursor: string | null;
}

export interface ScanList {
  /** Newest first; null until the first answer. */
  scans: Accessor<readonly NamedScanView[] | null>;
  /** Other scans are asked for than those that are shown. */
  isPending: Accessor<boolean>;
  hasMore: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  showMore(): Promise<void>;
  refresh(): void;
}

/** The scans of a filter, fetched anew with each change of the account, as many as are shown. */
export function createScanList(filter: Accessor<ScanFilter>, round: Accessor<number>): ScanList {
  const [shown, setShown] = createSignal<Shown | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  let refresher: Refresher | undefined;
  const question = () => JSON.stringify(wantedOf(filter()));
  const answered = () => (shown()?.question === question() ? shown() : null);

  // Each question has a refresher of its own, so that a new one does not wait for the last.
  createEffect(
    on(question, (asked) => {
      const mine = makeRefresher(async () => {
        const limit = Math.min(PAGE_MAX, Math.max(PAGE, answered()?.scans.length ?? 0));
        try {
          const page = await api.scans.list.query({ ...wantedOf(filter()), limit });
          if (mine !== refresher) return "done";
          setShown({ question: asked, scans: page.items, nextCursor: page.nextCursor });
          setFetchedAt(Date.now());
          setFailed(false);
          return "done";
        } catch {
          if (mine === refresher) setFailed(true);
          return "failed";
        }
      });
      refresher = mine;
      createEffect(on(round, mine.ask));
      onCleanup(mine.stop);
    }),
  );

  return {
    scans: () => shown()?.scans ?? null,
    isPending: () => answered() === null,
    hasMore: () => typeof answered()?.nextCursor === "string",
    hasFailed,
    fetchedAt,
    async showMore() {
      const known = answered();
      if (!known?.nextCursor) return;
      const cursor = known.nextCursor;
      const next = await api.scans.list.query({ ...wantedOf(filter()), limit: PAGE, cursor });
      // A new first page or another question came first: where this one would go is not there.
      if (answered()?.nextCursor !== cursor) return;
      setShown(
        (now) =>
          now && { ...now, scans: [...now.scans, ...next.items], nextCursor: next.nextCursor },
      );
    },
    refresh: () => refresher?.ask(),
  };
}
