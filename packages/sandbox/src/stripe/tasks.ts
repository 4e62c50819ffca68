/** What happens later and by itself. Each may be done twice without harm. */
import { expireSession } from "./resources/checkout-sessions.ts";
import { endDispute, escalate, openDispute } from "./resources/disputes.ts";
import { warnOfFraud } from "./resources/early-fraud-warnings.ts";
import { endRefund, type Refund } from "./resources/refunds.ts";
import type { TaskHandlers } from "./scheduler.ts";

export const taskHandlers: TaskHandlers = {
  expire_session: (world, session) => expireSession(world, session),
  open_dispute: (world, charge, { reason, isInquiry }) =>
    openDispute(world, { charge, reason: String(reason), isInquiry: isInquiry === 1 }),
  decide_dispute: (world, dispute, { verdict }) => {
    if (verdict === "escalate") escalate(world, dispute);
    else endDispute(world, dispute, verdict === "win" ? "won" : "lost");
  },
  end_refund: (world, refund, { status }) => endRefund(world, refund, status as Refund["status"]),
  warn_of_fraud: (world, charge) => warnOfFraud(world, charge),
};
