import type { Instant } from "../units.ts";
import type { Account } from "./account.ts";
import { keptOf } from "./kept-credits.ts";
import { isAliveAt, type Lot } from "./lot.ts";

/**
 * What a customer is told they have, at an instant. `available` is what can be spent, `paid` and
 * `free` added up; debt is not taken off. `frozen` is what would be available as well if all went well
 * now: what disputes keep aside in lots that have not expired, and what is kept of those that have
 * until a purchase revives it.
 */
export interface Balance {
  readonly available: number;
  readonly paid: number;
  readonly free: number;
  readonly frozen: number;
  readonly debt: number;
}

export function balanceAt(
  account: Pick<Account, "debt" | "keepsExpired">,
  lots: Iterable<Lot>,
  at: Instant,
): Balance {
  let paid = 0;
  let free = 0;
  let frozen = 0;
  for (const lot of lots) {
    frozen += keptOf(account, lot, at);
    if (!isAliveAt(lot, at)) continue;
    frozen += lot.frozen;
    if (lot.kind === "paid") paid += lot.remaining;
    else free += lot.remaining;
  }
  return { available: paid + free, paid, free, frozen, debt: account.debt };
}
