/**
 * The postings that are on the page, newest first. One that was booked never changes, so a fresh answer
 * only ever adds. They are kept in blocks, which the browser draws and skips as one; a posting stays in
 * its block, so that nothing that is read, opened or focused is drawn anew when others come.
 */
import type { ActivityItem, ActivityPage } from "@scanmeter/contracts/live";

export interface Block {
  readonly id: number;
  readonly items: readonly ActivityItem[];
}

export interface Loaded {
  readonly blocks: readonly Block[];
  /** Where older ones begin; null when all are there. */
  readonly nextCursor: string | null;
}

export const BLOCK_MAX = 50;

export function loadedFrom({ items, nextCursor }: ActivityPage): Loaded {
  return { blocks: blocksOf(items, 0), nextCursor };
}

export function withOlder({ blocks }: Loaded, { items, nextCursor }: ActivityPage): Loaded {
  const lastId = blocks.at(-1)?.id ?? 0;
  return { blocks: [...blocks, ...blocksOf(items, lastId + 1)], nextCursor };
}

/** Which of a page are newer than what is there. All of them, if nothing is. */
export function newerThan(known: Loaded, items: readonly ActivityItem[]): readonly ActivityItem[] {
  const newest = known.blocks[0]?.items[0]?.version ?? 0;
  return items.filter(({ version }) => version > newest);
}

/** In front of the others, in the block that is there as long as it has room. */
export function withNewer({ blocks, nextCursor }: Loaded, items: readonly ActivityItem[]): Loaded {
  if (items.length === 0) return { blocks, nextCursor };
  const [first, ...rest] = blocks;
  const room = first === undefined ? 0 : Math.max(0, BLOCK_MAX - first.items.length);
  const joining = items.slice(Math.max(0, items.length - room));
  const others = items.slice(0, items.length - joining.length);
  const firstId = (first?.id ?? 0) - Math.ceil(others.length / BLOCK_MAX);
  const filled = first === undefined ? [] : [{ ...first, items: [...joining, ...first.items] }];
  return { blocks: [...blocksOf(others, firstId), ...filled, ...rest], nextCursor };
}

function blocksOf(items: readonly ActivityItem[], firstId: number): Block[] {
  return Array.from({ length: Math.ceil(items.length / BLOCK_MAX) }, (_, at) => ({
    id: firstId + at,
    items: items.slice(at * BLOCK_MAX, (at + 1) * BLOCK_MAX),
  }));
}

export const countOf = ({ blocks }: Loaded): number =>
  blocks.reduce((count, { items }) => count + items.length, 0);
