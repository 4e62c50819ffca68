import { expect, test } from "vitest";
import { appendPage, mergeFirstPage, type Pages } from "./merge-page.ts";

const pages = (ids: string, nextCursor: string | null): Pages<{ id: string }> => ({
  items: [...ids].map((id) => ({ id })),
  nextCursor,
});
const known = appendPage(pages("fed", "d"), pages("cba", null));

test("a first page that is fetched anew keeps the later ones behind it", () => {
  expect(mergeFirstPage(known, pages("gfe", "e"))).toEqual(pages("gfedcba", null));
  expect(mergeFirstPage(known, pages("fed", "d"))).toEqual(known);
});

test("a first page of which nothing was known leaves no gap behind it", () => {
  expect(mergeFirstPage(known, pages("zyx", "x"))).toEqual(pages("zyx", "x"));
  expect(mergeFirstPage(null, pages("fed", "d"))).toEqual(pages("fed", "d"));
});

test("the cursor is that of the last page there is", () => {
  expect(mergeFirstPage(pages("fed", "d"), pages("fed", "d"))).toEqual(pages("fed", "d"));
  expect(mergeFirstPage(pages("", null), pages("", null))).toEqual(pages("", null));
});
