/**
 * The one way credits come into being. Return page, webhook, worker and reconciler read the payment
 * from the gateway and come here; whoever is first settles it, and the others find it done.
 */
import { accept, type Instant, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import {
  decideSettle,
  type PaymentIntentFacts,
  type Settlement,
  type TopUp,
} from "@scanmeter/core/purchase";
import {
  type Checkout,
  completeCheckoutOf,
  findAccount,
  findCheckoutOfTopUp,
  raiseAlert,
  removePaymentMethod,
  type TopUpRow,
} from "@scanmeter/db";
import { lift, noteAutomaticMove } from "../auto-top-up/after-move.ts";
import type { PaymentDeps } from "../deps.ts";
import { invoiceStatements } from "../documents/invoice-statements.ts";
import { resumeWaiting } from "../grant-credits.ts";
import { mintId } from "../mint-id.ts";
import type { Look, PaymentReading } from "./gateway.ts";
import { cardOfConfirmation } from "./gateway-params.ts";
import { moveTopUp, reviewAlert, type TopUpName } from "./move-top-up.ts";
import { refundDuplicate } from "./refund-duplicate.ts";
import { reconcileReversals } from "./reversals.ts";

/** Reads a purchase's payment and lets the purchase learn from it. Null when nobody answered. */
export async function refreshTopUp(
  deps: PaymentDeps,
  name: TopUpName,
  paymentIntentId: string,
  look?: Look,
): Promise<TopUpRow | null> {
  const asOf = deps.clock.now();
  const read = await deps.payments.gateway.readPayment(paymentIntentId, look);
  if (read.is !== "value") return null;
  const learned = await learnPayment(deps, name, read.value, asOf);
  return learned.ok ? learned.value : null;
}

/** @param asOf when the reading began: what happened since is not in it. */
export async function learnPayment(
  deps: PaymentDeps,
  name: TopUpName,
  reading: PaymentReading,
  asOf: Instant,
): Promise<Outcome<TopUpRow, Refusal>> {
  const { intent } = reading;
  const learned =
    intent.status === "succeeded"
      ? await settlePayment(deps, name, intent)
      : await moveTopUp(deps, name, { type: "payment_read", intent, asOf });
  const isPaidByThis =
    learned.ok &&
    learned.value.topUp.state === "paid" &&
    learned.value.topUp.paymentIntentId === intent.id;
  if (!isPaidByThis) return learned;
  return reconcileReversals(deps, { ...name, reading, asOf });
}

/** Grants what a payment paid for, if it is paid and as it was ordered; once, however often it is called. */
export async function settlePayment(
  deps: PaymentDeps,
  { accountId, topUpId }: TopUpName,
  intent: PaymentIntentFacts,
): Promise<Outcome<TopUpRow, Refusal>> {
  const account = await findAccount(deps.db, accountId);
  if (account === null) return refuse({ code: "account_not_found" });
  const checkout = await findCheckoutOfTopUp(deps.db, topUpId);
  const lotId = mintId("lot");
  const invoiceId = mintId("invoice");
  const { seller } = deps.payments;

  const settled = await deps.writer.submit<{ row: TopUpRow; as: Settlement["as"] }>({
    accountId,
    wants: { topUpId, autoTopUp: true },
    decide: (books, { topUp: row, autoTopUp }, draft) => {
      if (row === null) return refuse({ code: "top_up_not_found", topUpId } as const);
      const { timeZone } = account;
      const settlement = decideSettle(books, { topUp: row.topUp, intent, lotId, timeZone });
      const after = { ...row, topUp: settlement.topUp };
      switch (settlement.as) {
        case "paid": {
          const { receipt } = settlement;
          const reversed = { lotId, postings: 0, taken: [], holds: [] };
          draft.putTopUp({ ...after, receipt, reversed });
          lift(draft, autoTopUp, "paid");
          noteAutomaticMove(draft, {
            before: row,
            after: { ...after, receipt },
            known: autoTopUp,
            at: books.now,
          });
          draft.add([
            ...invoiceStatements({
              id: invoiceId,
              topUp: after.topUp,
              receipt,
              billing: row.billing,
              card: row.card,
              account,
              seller,
              issuedAt: books.now,
            }),
            completeCheckoutOf(topUpId, books.now),
            ...withoutUnwantedCard(checkout, row.topUp, books.now),
          ]);
          break;
        }
        case "needs_review":
          if (row.topUp.state === "needs_review") break;
          draft.putTopUp(after);
          draft.add([reviewAlert(after, books.now)]);
          break;
        case "duplicate_payment":
          draft.add([
            raiseAlert(
              {
                key: `duplicate-${settlement.paymentIntentId}`,
                kind: "duplicate_payment",
                accountId,
                text: `Payment ${settlement.paymentIntentId} paid purchase ${topUpId} a second time and is refunded in full.`,
              },
              books.now,
            ),
          ]);
          break;
        case "foreign_payment":
          draft.add([
            raiseAlert(
              {
                key: `foreign-payment-${settlement.paymentIntentId}`,
                kind: "foreign_payment",
                accountId,
                text: `Payment ${settlement.paymentIntentId} names purchase ${topUpId}, which was paid before, but was not made for it. Nothing was granted or given back.`,
              },
              books.now,
            ),
          ]);
          break;
        case "already_paid":
        case "not_paid":
          break;
      }
      return accept({ row: after, as: settlement.as });
    },
  });
  if (!settled.ok) return settled;
  const { row, as } = settled.value;
  if (as === "paid") {
    deps.wake({ about: "mail" });
    await resumeWaiting(deps, accountId);
  }
  if (as === "duplicate_payment") await refundDuplicate(deps, { topUp: row.topUp, intent });
  return accept(row);
}

/**
 * A card the customer did not want to keep is removed with the purchase it paid: the one that was
 * confirmed last, which need not be the one that is chosen now.
 */
function withoutUnwantedCard(checkout: Checkout | null, { attempts }: TopUp, at: Instant) {
  const confirmed = attempts.findLast(({ action }) => action === "confirm");
  if (checkout === null || checkout.keepsCard || confirmed === undefined) return [];
  return removePaymentMethod(checkout.accountId, cardOfConfirmation(confirmed.params), at);
}
