/** How an account's balance stands, as far as it is worth telling. */
import { decideAutoTopUp } from "../auto-top-up/decide.ts";
import { availableAt } from "../ledger/lot.ts";
import type { Instant } from "../units.ts";
import type { NoticeFacts } from "./facts.ts";
import type { Due } from "./notice.ts";

export type BalanceLevel = "enough" | "low" | "depleted";

/** What was told of the balance last. The number rises with each change and names its episode. */
export interface ToldLevel {
  readonly level: BalanceLevel;
  readonly number: number;
}

function levelAt({ account, lots }: NoticeFacts, now: Instant): BalanceLevel {
  const available = availableAt(lots, now);
  if (available === 0) return "depleted";
  return available <= account.lowBalance ? "low" : "enough";
}

/**
 * The level that is to be remembered as told; null when it is the one that was. Who never had credits
 * did not run out of them, and is not told that they are back.
 */
export function changedLevel(facts: NoticeFacts, now: Instant): BalanceLevel | null {
  const { told, account } = facts;
  const level = levelAt(facts, now);
  const isNewcomer = told === null && level === "depleted" && account.creditEpoch === 0;
  return isNewcomer || level === told?.level ? null : level;
}

/**
 * Coming back is told after running out only, and then once, however few credits came. How much an
 * account has at first is no news.
 */
function kindOf(before: BalanceLevel | null, now: BalanceLevel) {
  if (now === "depleted") return "depleted";
  if (before === "depleted") return "recovered";
  return before === "enough" ? "low_balance" : null;
}

export function levelNotices(facts: NoticeFacts, now: Instant): Due[] {
  const { account, told, lots } = facts;
  const level = changedLevel(facts, now);
  const kind = level && kindOf(told?.level ?? null, level);
  if (kind === null) return [];
  const key = `${kind}-${account.id}-${(told?.number ?? 0) + 1}`;
  const available = availableAt(lots, now);
  switch (kind) {
    case "low_balance":
      return [[key, { kind, data: { available, isBuying: isBuying(facts, now) } }]];
    case "depleted":
      return [[key, { kind, data: { isBuying: isBuying(facts, now) } }]];
    case "recovered":
      return [[key, { kind, data: { available } }]];
  }
}

function isBuying({ autoTopUp }: NoticeFacts, now: Instant): boolean {
  if (autoTopUp === null) return false;
  const decision = decideAutoTopUp(autoTopUp, now);
  return (
    decision.do === "buy" || (decision.do === "wait" && decision.reason === "purchase_in_flight")
  );
}
