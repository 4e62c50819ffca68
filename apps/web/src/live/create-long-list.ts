/**
 * A list too long to be fetched at once. It is fetched anew with each round, and what is older is added
 * when somebody asks for it. Another question, such as another filter, leaves the last list on screen
 * until it is answered.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { makeRefresher, type Refresher } from "./make-refresher.ts";

interface Continued {
  /** Where the older ones begin; null at the end. */
  readonly nextCursor: string | null;
}

export interface LongList<List> {
  /** Null until the first answer. */
  shown: Accessor<List | null>;
  /** Something else is asked for than what is shown. */
  isPending: Accessor<boolean>;
  hasOlder: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  /** Throws what the call throws. */
  showOlder(): Promise<void>;
  refresh(): void;
}

export function createLongList<List extends Continued, Page>(source: {
  /** What is asked for, as a text that differs when it does. */
  question: Accessor<string>;
  round: Accessor<number>;
  /** The list as it is now. What is known of it may be kept. */
  fetch: (known: List | null) => Promise<List>;
  fetchOlder: (cursor: string) => Promise<Page>;
  withOlder: (known: List, older: Page) => List;
}): LongList<List> {
  const [shown, setShown] = createSignal<{ question: string; list: List } | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  let refresher: Refresher | undefined;
  const answered = () => {
    const known = shown();
    return known?.question === source.question() ? known.list : null;
  };

  // Each question has a refresher of its own, so that a new one does not wait for the last.
  createEffect(
    on(source.question, (question) => {
      const mine = makeRefresher(async () => {
        const known = answered();
        try {
          const list = await source.fetch(known);
          if (mine !== refresher) return "done";
          // Older ones may have been added meanwhile; the next round finds what is new again.
          if (answered() === known) setShown({ question, list });
          else mine.ask();
          setFetchedAt(Date.now());
          setFailed(false);
          return "done";
        } catch {
          if (mine === refresher) setFailed(true);
          return "failed";
        }
      });
      refresher = mine;
      createEffect(on(source.round, mine.ask));
      onCleanup(mine.stop);
    }),
  );

  return {
    shown: () => shown()?.list ?? null,
    isPending: () => answered() === null,
    hasOlder: () => typeof answered()?.nextCursor === "string",
    hasFailed,
    fetchedAt,
    async showOlder() {
      const question = source.question();
      const cursor = answered()?.nextCursor ?? null;
      if (cursor === null) return;
      const older = await source.fetchOlder(cursor);
      const known = answered();
      // Another question came first, or the list began anew: these would go where nothing ends.
      if (source.question() !== question || known?.nextCursor !== cursor) return;
      setShown({ question, list: source.withOlder(known, older) });
    },
    refresh: () => refresher?.ask(),
  };
}
