import { hasLeft, type PurchaseMoney, standingOf } from "./reversal-target.ts";

export const moneySettlements = [
  "none",
  "refund_pending",
  "partially_refunded",
  "refunded",
  "inquiry",
  "disputed",
  "dispute_lost",
] as const;
/** What became of a paid purchase's money later. The purchase itself stays paid. */
export type MoneySettlement = (typeof moneySettlements)[number];

/** Of several things that happened, the one somebody has to know of first. */
export function settlementOf({ totalMinor, refunds, disputes }: PurchaseMoney): MoneySettlement {
  const standings = disputes.map(standingOf);
  if (standings.includes("open")) return "disputed";
  if (standings.includes("lost")) return "dispute_lost";
  const left = refunds.filter(hasLeft);
  if (left.some(({ status }) => status !== "succeeded")) return "refund_pending";
  const refundedMinor = left.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (refundedMinor >= totalMinor) return "refunded";
  if (standings.includes("inquiry")) return "inquiry";
  return refundedMinor > 0 ? "partially_refunded" : "none";
}
