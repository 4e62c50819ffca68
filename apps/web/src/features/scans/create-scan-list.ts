import type { NamedScanView } from "@scanmeter/contracts/scans";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createLongList, type LongList } from "../../live/create-long-list.ts";
import { appendPage, type Pages } from "../purchases/merge-page.ts";
import { type ScanFilter, wantedOf } from "./scan-filter.ts";

const PAGE = 25;
/** The server answers no more at once; what was loaded beyond that is loaded again when asked for. */
const PAGE_MAX = 200;

/** The scans of a filter, newest first, fetched anew with each change of the account, as many as are shown. */
export function createScanList(
  filter: Accessor<ScanFilter>,
  round: Accessor<number>,
): LongList<Pages<NamedScanView>> {
  const ask = (page: { limit: number; cursor?: string }): Promise<Pages<NamedScanView>> =>
    api.scans.list.query({ ...wantedOf(filter()), ...page });
  return createLongList({
    question: () => JSON.stringify(wantedOf(filter())),
    round,
    fetch: (known) => ask({ limit: Math.min(PAGE_MAX, Math.max(PAGE, known?.items.length ?? 0)) }),
    fetchOlder: (cursor) => ask({ limit: PAGE, cursor }),
    withOlder: appendPage,
  });
}
