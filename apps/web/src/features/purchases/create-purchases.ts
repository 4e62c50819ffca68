import type { DocumentView, TopUpView } from "@scanmeter/contracts/checkout";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";

const PAGE = 10;

export interface Purchases {
  /** Newest first; null until the first answer. */
  purchases: Accessor<readonly TopUpView[] | null>;
  /** Invoices and credit notes of a purchase. */
  documentsOf(topUpId: string): readonly DocumentView[];
  hasMore: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  showMore(): void;
  refresh(): void;
}

/** Purchases with their documents, fetched anew along with each fresh overview. */
export function createPurchases(round: Accessor<number>): Purchases {
  const [purchases, setPurchases] = createSignal<readonly TopUpView[] | null>(null);
  const [documents, setDocuments] = createSignal<readonly DocumentView[]>([]);
  const [hasMore, setHasMore] = createSignal(false);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  let limit = PAGE;

  const refresher = makeRefresher(async () => {
    try {
      const [page, papers] = await Promise.all([
        api.topUps.list.query({ limit }),
        api.invoices.list.query({}),
      ]);
      setDocuments(papers);
      setPurchases(page.items);
      setHasMore(page.nextCursor !== null);
      setFetchedAt(Date.now());
      setFailed(false);
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  createEffect(on(round, refresher.ask));
  onCleanup(refresher.stop);

  return {
    purchases,
    documentsOf: (topUpId) => documents().filter((paper) => paper.topUpId === topUpId),
    hasMore,
    hasFailed,
    fetchedAt,
    showMore() {
      limit += PAGE;
      refresher.ask();
    },
    refresh: refresher.ask,
  };
}
