/**
 * The history of an account, newest first. It is looked through in windows of versions with a turn of
 * the event loop after each, so that what is rare in a long history holds nobody up; and because
 * versions have no gaps, a window is as many postings as it is wide.
 */
import { setImmediate } from "node:timers/promises";
import type { Instant, PostingKind } from "@scanmeter/core";
import { type ActivityRow, findChainHead, findRecordedAt, listActivity } from "@scanmeter/db";
import type { Deps } from "./deps.ts";

export interface ActivityFilter {
  readonly accountId: string;
  readonly kinds?: readonly PostingKind[] | undefined;
  /** Half-open: from inclusive, to exclusive. */
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

export interface ActivityQuery extends ActivityFilter {
  /** The version of the last item of the page before. */
  readonly cursor?: number | undefined;
  readonly limit: number;
}

export interface ActivityPage {
  readonly items: readonly ActivityRow[];
  readonly nextCursor: number | null;
}

type ReadDeps = Pick<Deps, "db">;

const WINDOW = 2_000;
const PAGE = 250;
/** Clocks of several processes may differ by less than that. */
const DAY_MS = 86_400_000;

export async function readActivity(deps: ReadDeps, query: ActivityQuery): Promise<ActivityPage> {
  const { limit } = query;
  const found: ActivityRow[] = [];
  for await (const rows of walkActivity(deps, query, limit + 1)) {
    found.push(...rows);
    if (found.length > limit) break;
  }
  const items = found.slice(0, limit);
  const hasMore = found.length > limit;
  return { items, nextCursor: hasMore ? (items.at(-1)?.version ?? null) : null };
}

/** All of it from the newest posting there is now, in pages that are read as they are asked for. */
export async function* walkActivity(
  { db }: ReadDeps,
  filter: ActivityFilter & Pick<ActivityQuery, "cursor">,
  limit = PAGE,
): AsyncGenerator<readonly ActivityRow[]> {
  const { accountId, kinds = null, from = null, to = null } = filter;
  let before = filter.cursor ?? ((await findChainHead(db, accountId))?.version ?? 0) + 1;
  while (before > 1) {
    const fromVersion = Math.max(1, before - WINDOW);
    const about = { accountId, kinds, from, to };
    const rows = await listActivity(db, { ...about, beforeVersion: before, fromVersion, limit });
    if (rows.length > 0) yield rows;
    // A full page may have left some of its window.
    before = rows.length < limit ? fromVersion : (rows.at(-1)?.version ?? fromVersion);
    if (from !== null && (await isBefore(db, { accountId, version: before - 1 }, from))) return;
    await setImmediate();
  }
}

/** Nothing counts from later than it was written down, and what is older was written down before. */
async function isBefore(
  db: Deps["db"],
  posting: { readonly accountId: string; readonly version: number },
  from: Instant,
): Promise<boolean> {
  const recordedAt = await findRecordedAt(db, posting.accountId, posting.version);
  return recordedAt === null || recordedAt < from - DAY_MS;
}
