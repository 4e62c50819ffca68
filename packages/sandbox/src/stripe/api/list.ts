/** Lists: newest first, a page at a time, with a cursor before or after which the page lies. */
import type { ListQuery, Resource } from "../store.ts";
import type { World } from "../world.ts";
import { invalidRequest, resourceMissing } from "./errors.ts";
import { exclusive, integer, object, type Param, text } from "./params.ts";

const range = object({ gt: integer, gte: integer, lt: integer, lte: integer });
type Created = number | { gt?: number; gte?: number; lt?: number; lte?: number };

const created: Param<Created> = {
  parse: (raw, path) =>
    typeof raw === "string" ? integer.parse(raw, path) : range.parse(raw, path),
};

export const cursorParams = { ending_before: text(), limit: integer, starting_after: text() };
export const listParams = { created, ...cursorParams };

export interface ListParams {
  created?: Created;
  ending_before?: string;
  limit?: number;
  starting_after?: string;
}

export function listAll<T extends Resource>(
  world: World,
  kind: { object: string; url: string },
  params: ListParams,
  filter: { where?: ListQuery["where"]; also?: string | undefined; createdFrom?: number } = {},
) {
  const { ending_before: before, starting_after: after, limit = 10 } = params;
  if (limit < 1 || limit > 100)
    throw invalidRequest("This value must be between 1 and 100 (inclusive).", {
      code: "parameter_invalid_integer",
      param: "limit",
    });
  if (before !== undefined && after !== undefined)
    throw exclusive("ending_before", "starting_after");
  const cursor = before ?? after;
  if (cursor !== undefined && world.store.find(kind.object, cursor) === undefined)
    throw resourceMissing(kind.object, cursor, before ? "ending_before" : "starting_after", 400);

  const [from, createdTo] = boundsOf(params.created);
  const createdFrom = Math.max(from, filter.createdFrom ?? 0);
  const { where = {}, also } = filter;
  // One more than asked for tells whether there is another page.
  const found = world.store.list<T>({
    ...{ object: kind.object, where, also, createdFrom, createdTo },
    ...{ before, after, limit: limit + 1 },
  });
  const hasMore = found.length > limit;
  const data = before === undefined ? found.slice(0, limit) : found.slice(-limit);
  return listObject(data, kind.url, hasMore);
}

export function listObject<T>(data: readonly T[], url: string, has_more = false) {
  return { object: "list", data, has_more, url } as const;
}

function boundsOf(given: Created | undefined): [number, number] {
  if (given === undefined) return [0, Number.MAX_SAFE_INTEGER];
  if (typeof given === "number") return [given, given];
  return [
    Math.max(given.gte ?? 0, (given.gt ?? -1) + 1),
    Math.min(given.lte ?? Number.MAX_SAFE_INTEGER, (given.lt ?? Number.MAX_SAFE_INTEGER) - 1),
  ];
}
