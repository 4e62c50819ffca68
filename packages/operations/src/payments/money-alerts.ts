/** What a person is told when money goes back: each thing once, when it becomes known. */
import { type DisputeStanding, standingOf } from "@scanmeter/core/purchase";
import { type Alert, type DisputeRow, type RefundRow, raiseAlert } from "@scanmeter/db";
import {
  type Changed,
  hasFailed,
  type MoneyAfterNews,
  type MoneyNews,
  REFUSED,
} from "./money-back.ts";

export function moneyAlerts(after: MoneyAfterNews, news: MoneyNews, at: number) {
  const alerts = [
    ...after.changedRefunds.map((change) => refundAlert(change, news)),
    ...after.changedDisputes.map(disputeAlert),
  ];
  return alerts.flatMap((alert) => (alert === null ? [] : [raiseAlert(alert, at)]));
}

function refundAlert({ before, now }: Changed<RefundRow>, { refused }: MoneyNews): Alert | null {
  if (before === null || hasFailed(before) || !hasFailed(now)) return null;
  const { id, topUpId, accountId, status } = now;
  const why = status === REFUSED ? `was refused by the payment gateway: ${refused?.code}` : status;
  const money = status === REFUSED ? "" : " and its money is back with us";
  return {
    key: `refund-${id}-${status}`,
    kind: status === REFUSED ? "refund_refused" : "refund_failed",
    accountId,
    text: `Refund ${id} of purchase ${topUpId} ${status === REFUSED ? why : `is ${why}`}${money}; its credits were given back.`,
  };
}

const told: Record<Exclude<DisputeStanding, "over">, string> = {
  inquiry: "The bank asks about this payment. No money has moved and no credits are frozen.",
  open: "Its money is withdrawn for now and its credits are frozen. Answer at the payment gateway.",
  lost: "Its money is gone and its credits were taken back; what was spent of them is owed.",
};

function disputeAlert({ before, now }: Changed<DisputeRow>): Alert | null {
  const standing = standingOf(now);
  if (standing === "over" || (before !== null && standingOf(before) === standing)) return null;
  return {
    key: `dispute-${now.id}-${standing}`,
    kind: standing === "inquiry" ? "inquiry" : "dispute",
    accountId: now.accountId,
    text: `Dispute ${now.id} about purchase ${now.topUpId} is ${now.status}. ${told[standing]}`,
  };
}
