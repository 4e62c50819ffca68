/**
 * What a test wants to go wrong with the news: rules that match the type of an event and say what
 * becomes of it. They live in memory; a restart delivers honestly again.
 */
import { newId } from "../ids.ts";
import { matchesPattern } from "../patterns.ts";

export const deliveryActions = [
  /** The event never comes to exist, neither in a delivery nor in a list. */
  "vanish",
  "drop",
  "hold",
  "delay",
  "duplicate",
  "duplicate_with_new_id",
  "reorder",
  "wrong_secret",
  "old_timestamp",
  "no_signature",
  "changed_body",
] as const;
export type DeliveryAction = (typeof deliveryActions)[number];

export interface DeliveryRule {
  readonly id: string;
  readonly types: readonly string[];
  readonly action: DeliveryAction;
  /** Events that match and are let through first. */
  readonly skip: number;
  /** How many events it catches; null for all. */
  readonly times: number | null;
  /** Milliseconds of a delay; seconds by which a timestamp is too old. */
  readonly by: number;
  /** Copies of a duplicate; how many a reorder turns round. */
  readonly count: number;
}

export interface DeliveryRules {
  add(rule: Omit<DeliveryRule, "id">): DeliveryRule;
  list(): readonly DeliveryRule[];
  clear(id?: string): void;
  /** The rules that catch this event; asking counts as an event. */
  catching(type: string): readonly DeliveryRule[];
}

export function makeDeliveryRules(): DeliveryRules {
  let rules: { rule: DeliveryRule; seen: number }[] = [];
  return {
    add(given) {
      const rule = { id: newId("rule", 10), ...given };
      rules.push({ rule, seen: 0 });
      return rule;
    },
    list: () => rules.map(({ rule }) => rule),
    clear(id) {
      rules = id === undefined ? [] : rules.filter(({ rule }) => rule.id !== id);
    },
    catching(type) {
      return rules.flatMap((entry) => {
        const { types, skip, times } = entry.rule;
        if (!types.some((pattern) => matchesPattern(pattern, type))) return [];
        entry.seen += 1;
        const isDue = entry.seen > skip && (times === null || entry.seen <= skip + times);
        return isDue ? [entry.rule] : [];
      });
    },
  };
}
