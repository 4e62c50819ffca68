/** What a scan is likely to cost and whether the balance covers it, before it is started. */
import { creditsInWords } from "../../format/credits.ts";

/** The part of a target that decides over the cost of its scans. */
export interface Budget {
  /** Null when no scan has run to its end yet. */
  readonly typicalCredits: number | null;
  /** None where the target is unlimited. */
  readonly creditsMax: number;
}

/** "Likely 2 credits, at most 5." */
export function likelyInWords({ typicalCredits, creditsMax }: Budget): string {
  if (creditsMax === 0) return "Costs no credits: this target is unlimited.";
  if (typicalCredits === null)
    return `1 credit per started hour, at most ${creditsMax}. What is likely shows once a scan has run to its end.`;
  if (typicalCredits === creditsMax)
    return `Likely ${creditsInWords(creditsMax)}, which is the most a scan can cost.`;
  return `Likely ${creditsInWords(typicalCredits)}, at most ${creditsMax}.`;
}

/** The same for a narrow column. */
export function likelyInShort({ typicalCredits, creditsMax }: Budget): string {
  if (creditsMax === 0) return "none, unlimited";
  const atMost = `at most ${creditsMax}`;
  return typicalCredits === null ? atMost : `likely ${typicalCredits}, ${atMost}`;
}

export interface Spendable {
  readonly available: number;
  readonly debt: number;
}

/** Null when the balance covers whatever the scan may cost. */
export function shortfallInWords(
  { typicalCredits, creditsMax }: Budget,
  { available, debt }: Spendable,
): string | null {
  if (creditsMax === 0) return null;
  // Whatever is owed is taken first.
  const spendable = available - debt;
  if (spendable < 1)
    return debt > 0 && available > 0
      ? `The ${creditsInWords(available)} you have are owed for earlier hours: no scan can start.`
      : "No credits are left: no scan can start until some arrive.";
  if (spendable >= creditsMax) return null;
  const have = `You have ${creditsInWords(spendable)}`;
  if (typicalCredits === null) return `${have}, which may not be enough for a long scan.`;
  return spendable < typicalCredits
    ? `${have}, which is likely not enough for a scan of this target.`
    : `${have}: enough for what is likely, not for the most it can cost.`;
}
