/**
 * Giving money back because somebody here says so. The credits are taken with the row that says so,
 * before the gateway hears of it, so that they cannot be spent meanwhile; they come back if it would
 * not or if the refund fails later. A call without an answer is asked again, never repeated blind.
 */
import {
  accept,
  type Credits,
  credits,
  type Instant,
  minor,
  type Outcome,
  type Refusal,
  refuse,
} from "@scanmeter/core";
import {
  decideRefund,
  type RefundWanted,
  settlementOf,
  type TopUp,
} from "@scanmeter/core/purchase";
import {
  findRefundOfCommand,
  findTopUp,
  findTopUpOfDocument,
  putRefunds,
  type RefundRow,
  type TopUpRow,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { refundParams } from "./gateway.ts";
import { purchaseMoneyOf, STARTING } from "./money-back.ts";
import { pursueRefund } from "./pursue-refund.ts";
import { reconcileReversals, settled } from "./reversals.ts";

export { pursueDueRefunds, pursueRefund } from "./pursue-refund.ts";

export interface RefundCommand {
  /** The purchase, by its id or by the number of a document about it. */
  readonly topUp: string;
  /** Nothing means the price of the credits. */
  readonly amountMinor?: number | undefined;
  /** Nothing means what the amount stands for, or everything that is left. */
  readonly credits?: number | undefined;
  readonly reason: string;
  /** Chosen by whoever refunds; the same key again is the same refund. */
  readonly key: string;
}

export async function startRefund(
  deps: PaymentDeps,
  command: RefundCommand,
): Promise<Outcome<RefundRow, Refusal>> {
  const row = await findPurchase(deps, command.topUp);
  if (row === null) return refuse({ code: "top_up_not_found", topUpId: command.topUp });
  const { id: topUpId, accountId, paymentIntentId, state } = row.topUp;
  const wanted: RefundWanted = {
    amountMinor: command.amountMinor === undefined ? null : minor(command.amountMinor),
    credits: command.credits === undefined ? null : credits(command.credits),
  };
  const commandKey = `refund-${accountId}-${command.key}`;
  const fingerprint = JSON.stringify([topUpId, wanted.amountMinor, wanted.credits]);
  const earlier = await findRefundOfCommand(deps.db, commandKey);
  if (earlier !== null) return replayed(deps, earlier, fingerprint, command.key);

  if (state === "paid" && paymentIntentId !== null) {
    // A dispute nobody told us of, or a refund made elsewhere, decides what is left.
    const asOf = deps.clock.now();
    const read = await deps.payments.gateway.readPayment(paymentIntentId);
    if (read.is !== "value") return refuse({ code: "gateway_unavailable" });
    await reconcileReversals(deps, { accountId, topUpId, reading: read.value, asOf });
  }
  const refundId = mintId("refund");
  const started = await deps.writer.submit<{ refund: RefundRow; isNew: boolean }>({
    accountId,
    wants: { topUpId, moneyOf: topUpId },
    decide: (books, { topUp: now, money }, draft) => {
      if (now === null) return refuse({ code: "top_up_not_found", topUpId } as const);
      const before = money.refunds.find((one) => one.commandKey === commandKey);
      if (before !== undefined) return accept({ refund: before, isNew: false });
      const { lotId, quote } = now.topUp;
      const size = decideRefund(
        {
          purchase: purchaseMoneyOf(now, money),
          currency: quote.currency,
          lot: [...books.lots].find((lot) => lot.id === lotId) ?? null,
          at: books.now,
        },
        wanted,
      );
      if (!size.ok) return size;
      const refund = newRefund(now.topUp, {
        ...size.value,
        id: refundId,
        commandKey,
        fingerprint,
        reason: command.reason,
        at: books.now,
      });
      const purchase = purchaseMoneyOf(now, { ...money, refunds: [...money.refunds, refund] });
      draft.putTopUp(
        purchase === null
          ? now
          : { ...settled(books, now, purchase), settlement: settlementOf(purchase) },
      );
      draft.add([putRefunds([refund])]);
      return accept({ refund, isNew: true });
    },
  });
  if (!started.ok) return started;
  const { refund, isNew } = started.value;
  if (!isNew) return replayed(deps, refund, fingerprint, command.key);
  return accept((await pursueRefund(deps, refund.id)) ?? refund);
}

async function replayed(
  deps: PaymentDeps,
  refund: RefundRow,
  fingerprint: string,
  key: string,
): Promise<Outcome<RefundRow, Refusal>> {
  return refund.fingerprint === fingerprint
    ? accept((await pursueRefund(deps, refund.id)) ?? refund)
    : refuse({ code: "idempotency_key_reused", key });
}

async function findPurchase(deps: PaymentDeps, name: string): Promise<TopUpRow | null> {
  const isNumber = /^\d{4}-\d+$/.test(name);
  const topUpId = isNumber ? await findTopUpOfDocument(deps.db, name) : name;
  return topUpId === null ? null : findTopUp(deps.db, topUpId);
}

export interface PaymentRefund {
  readonly topUp: TopUp;
  readonly paymentIntentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly key: string;
  readonly reason: string;
}

/**
 * Gives back a payment that granted no credits, such as a second one for the same purchase. Asked
 * again, it looks what became of that refund.
 */
export async function startRefundOfPayment(
  deps: PaymentDeps,
  { topUp, paymentIntentId, amountMinor, currency, key: commandKey, reason }: PaymentRefund,
): Promise<void> {
  const { id: topUpId, accountId } = topUp;
  const refundId = mintId("refund");
  const started = await deps.writer.submit<{ refund: RefundRow; isNew: boolean }>({
    accountId,
    wants: { topUpId, moneyOf: topUpId },
    decide: (books, { topUp: row, money }, draft) => {
      if (row === null) return refuse({ code: "top_up_not_found", topUpId } as const);
      const before = money.refunds.find((one) => one.commandKey === commandKey);
      if (before !== undefined) return accept({ refund: before, isNew: false });
      const refund: RefundRow = {
        ...newRefund(topUp, {
          id: refundId,
          commandKey,
          fingerprint: null,
          reason,
          credits: credits(0),
          amountMinor: minor(amountMinor),
          at: books.now,
        }),
        paymentIntentId,
        currency: currency.toUpperCase(),
      };
      draft.putTopUp(row);
      draft.add([putRefunds([refund])]);
      return accept({ refund, isNew: true });
    },
  });
  if (!started.ok) return;
  const { refund, isNew } = started.value;
  if (isNew || refund.nextStepAt !== null) await pursueRefund(deps, refund.id);
  else await lookAgain(deps, refund);
}

async function lookAgain(
  deps: PaymentDeps,
  { accountId, topUpId, paymentIntentId }: RefundRow,
): Promise<void> {
  const asOf = deps.clock.now();
  const read = await deps.payments.gateway.readPayment(paymentIntentId);
  if (read.is !== "value") return;
  await reconcileReversals(deps, { accountId, topUpId, reading: read.value, asOf });
}

interface NewRefund {
  readonly id: RefundRow["id"];
  readonly commandKey: string;
  readonly fingerprint: string | null;
  readonly reason: string;
  readonly credits: Credits;
  readonly amountMinor: RefundRow["amountMinor"];
  readonly at: Instant;
}

/** What will be sent is fixed here, word by word; it is due at once. */
function newRefund(topUp: TopUp, about: NewRefund): RefundRow {
  const { id, commandKey, fingerprint, reason, amountMinor, at } = about;
  return {
    id,
    accountId: topUp.accountId,
    topUpId: topUp.id,
    paymentIntentId: topUp.paymentIntentId ?? "",
    gatewayRefundId: null,
    amountMinor,
    currency: topUp.quote.currency,
    credits: about.credits,
    status: STARTING,
    reason,
    commandKey,
    fingerprint,
    key: `rf_${id}`,
    params: refundParams({ refundId: id, topUpId: topUp.id, amountMinor }),
    firstSentAt: null,
    nextStepAt: at,
    createdAt: at,
    updatedAt: at,
  };
}
