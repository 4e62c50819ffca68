import { expect, test } from "vitest";
import { textOf } from "./gateway-fields.ts";
import { everyPage, type Page, pageOf } from "./gateway-pages.ts";
import type { Asked } from "./gateway-refusals.ts";

const list = (data: unknown, has_more: unknown = false) => ({ object: "list", data, has_more });
const named = (id: string) => ({ id });
const idOf = (item: unknown) => textOf((item as { id?: unknown } | null)?.id);

test("a page names where the next one begins, and the last one names none", () => {
  const data = [named("a"), named("b")];
  expect(pageOf(list(data, true), idOf)).toEqual({ items: ["a", "b"], next: "b" });
  expect(pageOf(list(data), idOf)).toEqual({ items: ["a", "b"], next: null });
  expect(pageOf(list([]), idOf)).toEqual({ items: [], next: null });
});

test("a page with one item that cannot be read is no page", () => {
  expect(pageOf(list([named("a"), {}]), idOf)).toBeNull();
  expect(pageOf(list([null]), idOf)).toBeNull();
});

test("what is no list is no page, and one that goes on from nowhere neither", () => {
  const odd = [null, [], {}, list("a"), list([], "no"), { ...list([]), object: "page" }];
  expect([...odd, list([], true)].map((body) => pageOf(body, idOf))).toEqual(
    [...odd, 0].map(() => null),
  );
});

test("all pages are followed to the last one", async () => {
  const pages: Record<string, Page<string>> = {
    first: { items: ["a", "b"], next: "b" },
    b: { items: ["c"], next: "c" },
    c: { items: [], next: null },
  };
  const all = await everyPage(async (from) => ({
    is: "value",
    value: pages[from ?? "first"] as Page<string>,
  }));
  expect(all).toEqual({ is: "value", value: ["a", "b", "c"] });
});

test("a list whose second page is not known is not known", async () => {
  const answers: Asked<Page<string>>[] = [
    { is: "value", value: { items: ["a"], next: "a" } },
    { is: "unknown" },
  ];
  expect(await everyPage(async () => answers.shift() ?? { is: "missing" })).toEqual({
    is: "unknown",
  });
});
