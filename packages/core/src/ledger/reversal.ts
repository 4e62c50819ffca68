import type { Entry } from "./posting.ts";

/** The entries that undo others: the same amounts and lots, the other way round. */
export function reverseEntries(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => ({ ...entry, from: entry.to, to: entry.from }));
}
