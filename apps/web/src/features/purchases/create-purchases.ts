import type { DocumentView, TopUpView } from "@scanmeter/contracts/checkout";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";
import { appendPage, mergeFirstPage, type Pages } from "./merge-page.ts";

const PAGE = 10;

export interface Purchases {
  /** Newest first; null until the first answer. */
  purchases: Accessor<readonly TopUpView[] | null>;
  /** Every invoice and credit note, newest first. */
  documents: Accessor<readonly DocumentView[]>;
  /** Those of one purchase. */
  documentsOf(topUpId: string): readonly DocumentView[];
  hasMore: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  showMore(): Promise<void>;
  refresh(): void;
}

/** Purchases with their documents, fetched anew along with each fresh overview. */
export function createPurchases(round: Accessor<number>): Purchases {
  const [pages, setPages] = createSignal<Pages<TopUpView> | null>(null);
  const [documents, setDocuments] = createSignal<readonly DocumentView[]>([]);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);

  const refresher = makeRefresher(async () => {
    try {
      const [first, papers] = await Promise.all([
        api.topUps.list.query({ limit: PAGE }),
        api.invoices.list.query(),
      ]);
      setDocuments(papers);
      setPages((known) => mergeFirstPage(known, first));
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

  async function showMore(): Promise<void> {
    const cursor = pages()?.nextCursor;
    if (!cursor) return;
    try {
      const next = await api.topUps.list.query({ limit: PAGE, cursor });
      setPages((known) => (known?.nextCursor === cursor ? appendPage(known, next) : known));
    } catch {
      setFailed(true);
      refresher.ask();
    }
  }

  return {
    purchases: () => pages()?.items ?? null,
    documents,
    documentsOf: (topUpId) => documents().filter((paper) => paper.topUpId === topUpId),
    hasMore: () => typeof pages()?.nextCursor === "string",
    hasFailed,
    fetchedAt,
    showMore,
    refresh: refresher.ask,
  };
}
