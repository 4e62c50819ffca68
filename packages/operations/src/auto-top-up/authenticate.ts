/** An automatic purchase that the bank asked about, finished or called off by the customer. */
import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { askedCustomerAt, isAutomatic, isUnderWay } from "@scanmeter/core/purchase";
import { findTopUp, type TopUpRow } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { cardOfConfirmation, confirmOnSessionParams } from "../payments/gateway-params.ts";
import { moveInBooks, type TopUpName } from "../payments/move-top-up.ts";
import { pursueTopUp } from "../payments/pursue.ts";
import { getTopUp } from "../payments/read-top-ups.ts";
import { storeAndSend } from "../payments/send-attempt.ts";
import { suspend } from "./after-move.ts";

/**
 * Confirms the same payment again, this time with the customer present, so that the bank may ask them.
 * Pressed again, in whatever browser, it leads to the page of the bank that is open already. Answers
 * the purchase as it is when there is nothing to confirm any more.
 */
export async function authenticateTopUp(
  deps: PaymentDeps,
  { accountId, topUpId }: TopUpName,
): Promise<Outcome<TopUpRow, Refusal>> {
  const name = { accountId, topUpId };
  const found = await findTopUp(deps.db, topUpId, accountId);
  if (found === null || !isAutomatic(found.topUp)) {
    return refuse({ code: "top_up_not_found", topUpId });
  }
  const now = await getTopUp(deps, name);
  if (!now.ok || now.value.topUp.state !== "action_required") return now;
  const { topUp } = now.value;
  const tried = topUp.attempts.findLast(({ action }) => action === "confirm");
  if (tried === undefined || topUp.closing !== null) return now;
  const params = confirmOnSessionParams({
    paymentMethodId: cardOfConfirmation(tried.params),
    returnUrl: `${deps.payments.publicUrl()}/top-ups/${topUpId}/confirm?payment=returned`,
  });
  // Its page is open; another confirmation would make it worthless.
  if (topUp.redirectUrl !== null && tried.params === params) return now;
  const sent = await storeAndSend(deps, name, { action: "confirm", params });
  // Pressed twice at once: the other press is being answered, and this one tells what is known by now.
  const isBeingSent = !sent.ok && sent.refusal.code === "payment_in_progress";
  return isBeingSent ? getTopUp(deps, name) : sent;
}

/**
 * Calls an automatic purchase off, so that the customer can pay otherwise. It is over once no money can
 * move. Called off at the bank's question it suspends like one nobody answered, or the next purchase
 * would ask the same bank again at once.
 */
export async function cancelTopUp(
  deps: PaymentDeps,
  { accountId, topUpId }: TopUpName,
): Promise<Outcome<TopUpRow, Refusal>> {
  const closed = await deps.writer.submit<TopUpRow>({
    accountId,
    wants: { topUpId, autoTopUp: true },
    decide(books, known, draft) {
      const row = known.topUp;
      if (row === null || !isAutomatic(row.topUp)) {
        return refuse({ code: "top_up_not_found", topUpId } as const);
      }
      const { state } = row.topUp;
      if (!isUnderWay(row.topUp)) return refuse({ code: "purchase_closed", state } as const);
      const event = { type: "closing_wanted", as: "canceled" } as const;
      const closing = moveInBooks({ books, known, draft }, row, event);
      if (closing.ok && askedCustomerAt(row.topUp) !== null) {
        const reason = "authentication_unanswered";
        suspend(draft, known.autoTopUp, { reason, since: books.now, topUpId });
      }
      return closing;
    },
  });
  if (!closed.ok) return closed;
  await pursueTopUp(deps, { accountId, topUpId });
  return accept((await findTopUp(deps.db, topUpId, accountId)) ?? closed.value);
}
