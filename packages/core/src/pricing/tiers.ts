import { accept, type Outcome, refuse } from "../outcome.ts";

/** From this quantity on, the whole quantity has this discount, until the next tier begins. */
export interface Tier {
  readonly from: number;
  readonly discountPercent: number;
}

export interface TierRules {
  readonly quantityMax: number;
  /** Whether k credits cost no more than any larger quantity would. */
  readonly capsAtLargerQuantity: boolean;
}

const PERCENT = 100;

/** The tier a quantity is in. The tiers are in order and the first begins at 1. */
export function tierFor(tiers: readonly Tier[], quantity: number): Tier | undefined {
  return tiers.findLast(({ from }) => from <= quantity);
}

/**
 * Takes a table of tiers, or says in one sentence for the operator what is wrong with it. Without
 * the cap, a table is refused whose total falls where a tier begins (rule 14): whoever bought a
 * little less would pay more.
 */
export function parseTiers(
  tiers: readonly Tier[],
  rules: TierRules,
): Outcome<readonly Tier[], string> {
  if (tiers[0]?.from !== 1) return refuse("The first tier of a price list begins at 1 credit.");
  for (const [index, tier] of tiers.entries()) {
    const problem = problemWith(tier, tiers[index - 1], rules);
    if (problem !== null) return refuse(problem);
  }
  return accept(tiers);
}

function problemWith(tier: Tier, before: Tier | undefined, rules: TierRules): string | null {
  const { from, discountPercent } = tier;
  if (!Number.isInteger(from) || from > rules.quantityMax) {
    return `A tier begins at a whole quantity that can be bought (1 to ${rules.quantityMax}), not at ${from}.`;
  }
  if (!Number.isInteger(discountPercent) || discountPercent < 0 || discountPercent >= PERCENT) {
    return `A discount is a whole number of percent from 0 to 99, not ${discountPercent}.`;
  }
  if (before === undefined) return null;
  if (from <= before.from) {
    return `The tiers of a price list rise, but ${from} comes after ${before.from}.`;
  }
  if (discountPercent < before.discountPercent) {
    return `The discount falls from ${before.discountPercent} % to ${discountPercent} % at ${from} credits; buying more must never earn less.`;
  }
  const doesTotalFall =
    (from - 1) * (PERCENT - before.discountPercent) > from * (PERCENT - discountPercent);
  if (doesTotalFall && !rules.capsAtLargerQuantity) {
    return `${from - 1} credits would cost more than ${from}: the discount rises from ${before.discountPercent} % to ${discountPercent} % at ${from} credits, and the price list has no cap at larger quantities.`;
  }
  return null;
}
