/** Lists, which the gateway gives page by page. Half a list is no list. */
import { fieldsOf, isText, objectNamed } from "./gateway-fields.ts";
import type { Asked } from "./gateway-refusals.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins, for `startingAfter`; null on the last one. */
  readonly next: string | null;
}

const ITEMS_MAX = 100;

/** Nothing of the page is believed unless every item of it can be read. */
export function pageOf<Item>(
  body: unknown,
  read: (item: unknown) => Item | null,
): Page<Item> | null {
  const list = objectNamed("list", body);
  if (list === null || !Array.isArray(list.data) || typeof list.has_more !== "boolean") return null;
  const data: readonly unknown[] = list.data;
  const items = data.map(read).filter((item) => item !== null);
  if (items.length < data.length) return null;
  if (!list.has_more) return { items, next: null };
  // More is said to come, but from nowhere: asking on would never end.
  const last = fieldsOf(data.at(-1))?.id;
  return isText(last) ? { items, next: last } : null;
}

export function pageParams(startingAfter: string | undefined) {
  return {
    limit: ITEMS_MAX,
    ...(startingAfter !== undefined && { starting_after: startingAfter }),
  };
}

export async function everyPage<Item>(
  ask: (startingAfter: string | undefined) => Promise<Asked<Page<Item>>>,
): Promise<Asked<readonly Item[]>> {
  const all: Item[] = [];
  let from: string | undefined;
  for (;;) {
    const page = await ask(from);
    if (page.is !== "value") return page;
    all.push(...page.value.items);
    if (page.value.next === null) return { is: "value", value: all };
    from = page.value.next;
  }
}
