/** A list whose later pages were already fetched, with its first page fetched anew. */
export interface Pages<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null at the end. */
  readonly nextCursor: string | null;
}

/**
 * Keeps the later pages behind the new first one. When nothing of the new page was known, there may
 * be a gap between them, so the later ones are dropped and can be asked for again.
 */
export function mergeFirstPage<Item extends { readonly id: string }>(
  known: Pages<Item> | null,
  first: Pages<Item>,
): Pages<Item> {
  const last = first.items.at(-1);
  const at = known?.items.findIndex(({ id }) => id === last?.id) ?? -1;
  if (known === null || at === -1 || at + 1 === known.items.length) return first;
  return { items: [...first.items, ...known.items.slice(at + 1)], nextCursor: known.nextCursor };
}

export function appendPage<Item>(known: Pages<Item>, next: Pages<Item>): Pages<Item> {
  return { items: [...known.items, ...next.items], nextCursor: next.nextCursor };
}
