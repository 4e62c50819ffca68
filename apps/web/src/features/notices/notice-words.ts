/** How many notices are new, in the few words there is room for. */
import type { Unread } from "./create-unread-notices.ts";

const SHOWN_MAX = 99;

/** What the bell is called. */
export function bellInWords(unread: Unread | null): string {
  if (unread === null) return "Notices";
  return `Notices, ${unread.count === 0 ? "none" : unread.count} unread`;
}

/** Beside the bell, where a long number has no room. */
export function countAtBell(count: number): string {
  return count > SHOWN_MAX ? `${SHOWN_MAX}+` : String(count);
}

/** Above the list. */
export function newInWords(count: number): string {
  return count === 0 ? "Nothing new" : `${count} new`;
}

/** One sentence for people who cannot see the bell; empty when nothing was told. */
export function arrivalInWords(before: Unread, after: Unread): string {
  const arrived = after.count - before.count;
  if (arrived <= 0 || after.newestTitle === null) return "";
  return arrived === 1
    ? `New notice: ${after.newestTitle}.`
    : `${arrived} new notices. The latest: ${after.newestTitle}.`;
}
