import type { ActivityItem } from "@scanmeter/contracts/live";
import { expect, test } from "vitest";
import {
  BLOCK_MAX,
  countOf,
  type Loaded,
  loadedFrom,
  newerThan,
  withNewer,
  withOlder,
} from "./loaded-postings.ts";

/** From one version down to another. */
const postings = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, at) => ({ version: from - at }) as ActivityItem);
const page = (from: number, to: number) => ({
  items: postings(from, to),
  nextCursor: to === 1 ? null : String(to),
});
const versions = ({ blocks }: Loaded) =>
  blocks.flatMap(({ items }) => items.map(({ version }) => version));
const down = (from: number, to: number) => postings(from, to).map(({ version }) => version);

test("pages follow each other, in blocks that are never too large, each with an id of its own", () => {
  const loaded = withOlder(loadedFrom(page(1_000, 951)), page(950, 751));
  expect(versions(loaded)).toEqual(down(1_000, 751));
  expect(loaded.nextCursor).toBe("751");
  expect(loaded.blocks.map(({ items }) => items.length)).toEqual([50, 50, 50, 50, 50]);
  expect(new Set(loaded.blocks.map(({ id }) => id)).size).toBe(5);
  expect(countOf(loaded)).toBe(250);
});

test("new ones come first, and every block that was there keeps its id and what was in it", () => {
  let loaded = withOlder(loadedFrom(page(30, 21)), page(20, 1));
  for (let newest = 31; newest <= 200; newest += 7) {
    const before = loaded;
    const fresh = newerThan(loaded, postings(newest, newest - 9));
    loaded = withNewer(loaded, fresh);
    for (const { id, items } of before.blocks) {
      const now = loaded.blocks.find((block) => block.id === id);
      expect(now?.items.slice(-items.length)).toEqual(items);
      // The very same objects, so that nothing is drawn anew.
      expect(now?.items.at(-1)).toBe(items.at(-1));
    }
  }
  expect(versions(loaded)).toEqual(down(199, 1));
  expect(new Set(loaded.blocks.map(({ id }) => id)).size).toBe(loaded.blocks.length);
  for (const { items } of loaded.blocks) expect(items.length).toBeLessThanOrEqual(BLOCK_MAX);
});

test("more new ones than a block takes are spread over as many as they need", () => {
  const loaded = withNewer(loadedFrom(page(10, 1)), postings(150, 11));
  expect(versions(loaded)).toEqual(down(150, 1));
  expect(loaded.blocks.map(({ items }) => items.length)).toEqual([50, 50, 50]);
});

test("the first ones of an empty list are new, and nothing new changes nothing", () => {
  const empty = loadedFrom({ items: [], nextCursor: null });
  expect(versions(withNewer(empty, newerThan(empty, postings(2, 1))))).toEqual([2, 1]);
  const loaded = loadedFrom(page(3, 1));
  expect(withNewer(loaded, newerThan(loaded, postings(3, 1))).blocks).toBe(loaded.blocks);
});
