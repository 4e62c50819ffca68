import type { LotId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { InsufficientCredits } from "../refusals.ts";
import { type Credits, type Instant, NO_CREDITS, smaller, subtract, total } from "../units.ts";
import { byDrawOrder, isSpendableAt, type Lot } from "./lot.ts";

/** The part of a debit that one lot pays. */
export interface Draw {
  readonly lotId: LotId;
  readonly amount: Credits;
}

/** Chooses which lots pay for a debit at an instant, whole or not at all. */
export function drawFromLots(
  lots: Iterable<Lot>,
  required: Credits,
  at: Instant,
): Outcome<readonly Draw[], InsufficientCredits> {
  const spendable = [...lots].filter((lot) => isSpendableAt(lot, at)).sort(byDrawOrder);
  const available = total(spendable.map((lot) => lot.remaining));
  if (available < required) return refuse({ code: "insufficient_credits", required, available });

  const draws: Draw[] = [];
  let owed = required;
  for (const lot of spendable) {
    if (owed === NO_CREDITS) break;
    const amount = smaller(lot.remaining, owed);
    draws.push({ lotId: lot.id, amount });
    owed = subtract(owed, amount);
  }
  invariant(owed === NO_CREDITS, "the draws cover the whole debit");
  return accept(draws);
}
