/**
 * What of a list of notices counts as read. The server keeps one instant for each member, up to which
 * everything is read, so nothing is marked before all that is unread was seen.
 */
import type { NoticesView, NoticeView } from "@scanmeter/contracts/notices";
import type { Pages } from "../purchases/merge-page.ts";

/** A notice as it stays in the list, whoever reads it. */
export type NoticeRow = Omit<NoticeView, "isRead"> & { readonly id: string };

/**
 * Notices that are in the list already stay the same objects: their words do not change, and the page
 * keeps their rows, with the focus that may be in them.
 */
export function rowsOf(
  { items, nextCursor }: NoticesView,
  known: readonly NoticeRow[] = [],
): Pages<NoticeRow> {
  const rows = new Map(known.map((row) => [row.id, row]));
  return {
    items: items.map(({ isRead: _, ...notice }) => {
      return rows.get(notice.key) ?? { ...notice, id: notice.key };
    }),
    nextCursor,
  };
}

/** Once new, a notice is called new until the page is left: marking it as read must not hide which it was. */
export function withNew(
  known: ReadonlySet<string>,
  items: readonly NoticeView[],
): ReadonlySet<string> {
  return new Set([...known, ...items.filter(({ isRead }) => !isRead).map(({ key }) => key)]);
}

/**
 * The unread ones are the newest, and some of them may not be on the page yet. Whoever looked at the
 * first and at the last of them has come past all the others.
 */
export function isAllSeen(
  rows: readonly NoticeRow[],
  { unread, seen }: { readonly unread: number; readonly seen: ReadonlySet<string> },
): boolean {
  const ends = [rows[0], rows[unread - 1]];
  return ends.every((row) => row !== undefined && seen.has(row.key));
}
