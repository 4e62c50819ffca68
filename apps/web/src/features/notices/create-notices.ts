import type { NoticesView } from "@scanmeter/contracts/notices";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";
import { appendPage, mergeFirstPage, type Pages } from "../purchases/merge-page.ts";
import type { UnreadNotices } from "./create-unread-notices.ts";
import { isAllSeen, type NoticeRow, rowsOf, withNew } from "./reading.ts";

const PAGE = 20;

export interface Notices {
  /** Newest first; null until the first answer. */
  rows: Accessor<readonly NoticeRow[] | null>;
  /** Unread when it came to this page. */
  isNew(key: string): boolean;
  /** Those on the page, and unread ones that are further down. */
  newCount: Accessor<number>;
  hasOlder: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  /** Somebody looked at it. Once that is so of all that is unread, it is read. */
  see(key: string): void;
  showOlder(): Promise<void>;
  markAllRead(): Promise<void>;
  refresh(): void;
}

/** The notices of the account, fetched anew along with their number. */
export function createNotices(unreadNotices: UnreadNotices): Notices {
  const [pages, setPages] = createSignal<Pages<NoticeRow> | null>(null);
  const [unread, setUnread] = createSignal(0);
  const [news, setNews] = createSignal<ReadonlySet<string>>(new Set());
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  const seen = new Set<string>();
  let marks = 0;
  let isMarking = false;

  /** What was asked before something was marked as read would call it unread again. */
  function take(view: NoticesView, asked: number): boolean {
    if (asked < marks) return false;
    setNews((known) => withNew(known, view.items));
    setUnread(view.unread);
    return true;
  }

  const refresher = makeRefresher(async () => {
    const asked = marks;
    try {
      const first = await api.notices.list.query({ limit: PAGE });
      if (take(first, asked))
        setPages((known) => mergeFirstPage(known, rowsOf(first, known?.items)));
      else refresher.ask();
      setFetchedAt(Date.now());
      setFailed(false);
      markSeen();
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  createEffect(on(unreadNotices.round, refresher.ask));
  onCleanup(refresher.stop);

  async function markRead(): Promise<void> {
    const newest = pages()?.items[0];
    if (newest === undefined) return;
    // Not up to now: what was told since then was not on the page.
    const left = await api.notices.markRead.mutate({ until: newest.at });
    marks += 1;
    setUnread(left.unread);
    unreadNotices.leave(left.unread);
  }

  function markSeen(): void {
    if (isMarking || !isAllSeen(pages()?.items ?? [], { unread: unread(), seen })) return;
    isMarking = true;
    // What could not be marked is tried again when the list is fetched again.
    void markRead()
      .catch(() => {})
      .finally(() => {
        isMarking = false;
      });
  }

  return {
    rows: () => pages()?.items ?? null,
    isNew: (key) => news().has(key),
    newCount: () => Math.max(unread(), news().size),
    hasOlder: () => typeof pages()?.nextCursor === "string",
    hasFailed,
    fetchedAt,
    see(key) {
      seen.add(key);
      markSeen();
    },
    async showOlder() {
      const cursor = pages()?.nextCursor;
      if (!cursor) return;
      const asked = marks;
      const next = await api.notices.list.query({ limit: PAGE, cursor });
      take(next, asked);
      setPages((known) => (known?.nextCursor === cursor ? appendPage(known, rowsOf(next)) : known));
    },
    async markAllRead() {
      await markRead();
      setNews(new Set<string>());
    },
    refresh: refresher.ask,
  };
}
