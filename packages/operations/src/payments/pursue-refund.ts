/** Sends a refund that was started, and looks after it until it is known what became of it. */
import { after, type Instant, type RefundId } from "@scanmeter/core";
import { purchaseSettings } from "@scanmeter/core/purchase";
import { findRefund, listDueRefunds, type RefundRow, takeRefundOn } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { STARTING } from "./money-back.ts";
import { learnOfMoney } from "./reversals.ts";

/** Each asks the gateway, so not all at once. */
const AT_ONCE = 8;

/** Does what is owed to refunds by now, in a bounded batch. Answers how many there were. */
export async function pursueDueRefunds(deps: PaymentDeps, limit: number): Promise<number> {
  const due = await listDueRefunds(deps.db, deps.clock.now(), limit);
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const some = due.slice(at, at + AT_ONCE).map((refundId) => pursueRefund(deps, refundId));
    outcomes.push(...(await Promise.allSettled(some)));
  }
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return due.length;
}

/** Does what is owed to a refund by now; answers it as it then is. */
export async function pursueRefund(
  deps: PaymentDeps,
  refundId: RefundId,
): Promise<RefundRow | null> {
  const refund = await findRefund(deps.db, refundId);
  const now = deps.clock.now();
  if (refund?.nextStepAt == null || refund.nextStepAt > now) return refund;
  // Killed behind this line, it is asked again; killed before it, it was never sent.
  const nextStepAt = askAgainAt(refund, now);
  const [taken] = await deps.db.write([takeRefundOn(refundId, { at: now, nextStepAt })]);
  if (taken?.rowsAffected !== 1) return refund;
  if (refund.status === STARTING) await send(deps, refund, now);
  else await look(deps, refund, null);
  return findRefund(deps.db, refundId);
}

/** Twice as long each time, within bounds. */
function askAgainAt({ firstSentAt }: RefundRow, now: Instant): Instant {
  const { resendAfterMs, cancelAgainMaxMs } = purchaseSettings;
  const age = now - (firstSentAt ?? now);
  return after(now, Math.min(Math.max(age, resendAfterMs), cancelAgainMaxMs));
}

async function send(deps: PaymentDeps, refund: RefundRow, now: Instant): Promise<void> {
  const { id, accountId, topUpId, paymentIntentId, params, key, firstSentAt } = refund;
  if (params === null || key === null) return;
  // After this long the gateway may have forgotten the key, and the same call would be a second refund.
  if (now - (firstSentAt ?? now) > purchaseSettings.resendCreationWithinMs) {
    return look(deps, refund, "no_answer");
  }
  const asked = await deps.payments.gateway.refund({ paymentIntentId, params, key });
  switch (asked.is) {
    case "value":
      await learnOfMoney(
        deps,
        { accountId, topUpId },
        { refunds: [{ ...asked.value, refundId: id }], disputes: [], asOf: now },
      );
      return;
    // The word of one sending; an earlier one may have been carried out all the same.
    case "rejected":
      return look(deps, refund, asked.failure.code);
    case "missing":
      return look(deps, refund, "resource_missing");
    case "unknown":
      return;
  }
}

/**
 * Reads what became of it. Told that it was refused, and finding no trace of it, it was; its credits
 * come back, with whatever else happened to the payment, in one decision. Without an answer nothing is
 * decided, and it is asked again later.
 */
async function look(
  deps: PaymentDeps,
  refund: RefundRow,
  refusedFor: string | null,
): Promise<void> {
  const { id, accountId, topUpId, paymentIntentId } = refund;
  const asOf = deps.clock.now();
  const read = await deps.payments.gateway.readPayment(paymentIntentId);
  if (read.is === "unknown" || read.is === "rejected") return;
  const { refunds, disputes } = read.is === "value" ? read.value : { refunds: [], disputes: [] };
  // If the reading shows it, that is what counts, and the refusal was about another sending.
  const refused = refusedFor === null ? {} : { refused: { refundId: id, code: refusedFor } };
  await learnOfMoney(deps, { accountId, topUpId }, { refunds, disputes, asOf, ...refused });
}
