import type { Credits } from "../units.ts";

/**
 * What a scan of a target is likely to cost, judged by what its last ones cost: as much as half of
 * them at most, so that one that ran wild counts as one. Between two the dearer, because a surprise
 * should be a pleasant one. Null where nothing is known.
 */
export function likelyCost(costs: readonly Credits[]): Credits | null {
  const sorted = [...costs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
