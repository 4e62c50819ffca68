import type { Instant } from "../units.ts";
import type { Account } from "./account.ts";
import { isSpendableAt, type Lot } from "./lot.ts";

/** What a customer is told they have, at an instant. `frozen` stays 0 until something can be frozen. */
export interface Balance {
  readonly available: number;
  readonly paid: number;
  readonly free: number;
  readonly frozen: number;
  readonly debt: number;
}

export function balanceAt(
  account: Pick<Account, "debt">,
  lots: Iterable<Lot>,
  at: Instant,
): Balance {
  let paid = 0;
  let free = 0;
  for (const lot of lots) {
    if (!isSpendableAt(lot, at)) continue;
    if (lot.kind === "paid") paid += lot.remaining;
    else free += lot.remaining;
  }
  return { available: paid + free, paid, free, frozen: 0, debt: account.debt };
}
