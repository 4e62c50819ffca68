import type { ActivityPage } from "@scanmeter/contracts/live";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createLongList, type LongList } from "../../live/create-long-list.ts";
import type { WantedActivity } from "./activity-filter.ts";
import { type Loaded, loadedFrom, newerThan, withNewer, withOlder } from "./loaded-postings.ts";

const FIRST_PAGE = 50;
/** The server answers no more at once. */
const PAGE_MAX = 200;
/** When more than so many pages of them came while nobody looked, the list begins anew. */
const GAP_PAGES_MAX = 5;

/** The postings of a filter; what is booked while they are shown comes in front of them. */
export function createActivity(
  wanted: Accessor<WantedActivity>,
  round: Accessor<number>,
): LongList<Loaded> {
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

  return createLongList({
    question: () => JSON.stringify(wanted()),
    round,
    fetch,
    fetchOlder: (cursor) => ask(PAGE_MAX, cursor),
    withOlder,
  });
}
