import type { ActivityPage } from "@scanmeter/contracts/live";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher, type Refresher } from "../../live/make-refresher.ts";
import type { WantedActivity } from "./activity-filter.ts";
import { type Loaded, loadedFrom, newerThan, withNewer, withOlder } from "./loaded-postings.ts";

const FIRST_PAGE = 50;
/** The server answers no more at once. */
const PAGE_MAX = 200;
/** When more than so many pages of them came while nobody looked, the list begins anew. */
const GAP_PAGES_MAX = 5;

interface Shown extends Loaded {
  /** Which question the postings answer. */
  readonly question: string;
}

export interface Activity {
  /** Null until the first answer. */
  loaded: Accessor<Loaded | null>;
  /** Others are asked for than those that are shown. */
  isPending: Accessor<boolean>;
  hasFailed: Accessor<boolean>;
  fetchedAt: Accessor<number>;
  showOlder(): Promise<void>;
  refresh(): void;
}

/** The postings of a filter; what is booked while they are shown comes in front of them. */
export function createActivity(
  wanted: Accessor<WantedActivity>,
  round: Accessor<number>,
): Activity {
  const [shown, setShown] = createSignal<Shown | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  let refresher: Refresher | undefined;
  const question = () => JSON.stringify(wanted());
  const answered = () => (shown()?.question === question() ? shown() : null);

  const ask = (limit: number, cursor: string | null): Promise<ActivityPage> =>
    api.account.activity.query({ ...wanted(), limit, ...(cursor === null ? {} : { cursor }) });

  async function fetch(known: Loaded | null): Promise<Loaded> {
    const first = await ask(FIRST_PAGE, null);
    if (known === null) return loadedFrom(first);
    let newer = newerThan(known, first.items);
    let { nextCursor } = first;
    // A page of nothing but new ones may have others behind it.
    for (let pages = 1; newer.length > 0 && nextCursor !== null; pages += 1) {
      const last = newer.at(-1)?.version ?? 0;
      if (String(last) !== nextCursor) break;
      if (pages > GAP_PAGES_MAX) return loadedFrom(first);
      const next = await ask(PAGE_MAX, nextCursor);
      newer = [...newer, ...newerThan(known, next.items)];
      nextCursor = next.nextCursor;
    }
    return withNewer(known, newer);
  }

  // Each question has a refresher of its own, so that a new one does not wait for the last.
  createEffect(
    on(question, (asked) => {
      const mine = makeRefresher(async () => {
        const known = answered();
        try {
          const fresh = await fetch(known);
          if (mine !== refresher) return "done";
          // Older ones may have been added meanwhile; the next round finds what is new again.
          if (answered() === known) setShown({ ...fresh, question: asked });
          else refresher.ask();
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
    loaded: shown,
    isPending: () => answered() === null,
    hasFailed,
    fetchedAt,
    async showOlder() {
      const cursor = answered()?.nextCursor ?? null;
      if (cursor === null) return;
      const older = await ask(PAGE_MAX, cursor);
      // Another question came first, or the list began anew: these would go where nothing ends.
      setShown((now) =>
        now?.nextCursor === cursor && now === answered()
          ? { ...now, ...withOlder(now, older) }
          : now,
      );
    },
    refresh: () => refresher?.ask(),
  };
}
