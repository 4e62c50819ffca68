/** What a test wants to go wrong with the API itself: which call, when in its course, and how. In memory. */
import { newId } from "../ids.ts";
import { matchesPattern } from "../patterns.ts";

export const faultKinds = [
  "reset",
  "delay",
  "error_500",
  "error_409",
  "error_429",
  "html_502",
  "json_502",
  "truncate",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly id: string;
  readonly method: string;
  // With `*` for any id.
  readonly path: string;
  /** Before the request is executed, or after it was. */
  readonly phase: "before" | "after";
  readonly kind: FaultKind;
  /** Calls that match and are let through first. */
  readonly skip: number;
  readonly times: number | null;
  readonly ms: number;
  /** What the header `stripe-should-retry` tells; absent if null. */
  readonly shouldRetry: boolean | null;
}

export interface FaultRules {
  add(fault: Omit<Fault, "id">): Fault;
  list(): readonly (Fault & { readonly seen: number })[];
  clear(id?: string): void;
  /** What happens to this call; asking counts as a call. */
  take(method: string, path: string): Fault | null;
}

export function makeFaultRules(): FaultRules {
  let entries: { fault: Fault; seen: number }[] = [];
  return {
    add(given) {
      const fault = { id: newId("fault", 10), ...given };
      entries.push({ fault, seen: 0 });
      return fault;
    },
    list: () => entries.map(({ fault, seen }) => ({ ...fault, seen })),
    clear(id) {
      entries = id === undefined ? [] : entries.filter(({ fault }) => fault.id !== id);
    },
    take(method, path) {
      let taken: Fault | null = null;
      for (const entry of entries) {
        const { fault } = entry;
        if (fault.method !== "*" && fault.method !== method) continue;
        if (!matchesPattern(fault.path, path)) continue;
        entry.seen += 1;
        const { skip, times } = fault;
        const isDue = entry.seen > skip && (times === null || entry.seen <= skip + times);
        if (isDue) taken ??= fault;
      }
      return taken;
    },
  };
}
