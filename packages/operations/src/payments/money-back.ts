/** What is stored of a purchase's money that went back, and what news make of it. Nothing is written here. */
import { after, type Instant, minor, type RefundId } from "@scanmeter/core";
import type { PurchaseMoney } from "@scanmeter/core/purchase";
import type { DisputeRow, RefundRow, TopUpRow } from "@scanmeter/db";
import { mintId } from "../mint-id.ts";
import type { MoneyKnown } from "../writer.ts";
import type { GatewayDispute, GatewayRefund } from "./gateway.ts";

/** The gateway has not answered yet. Its money counts as gone: it may be. */
export const STARTING = "starting";
/** The gateway would not, for certain. */
export const REFUSED = "refused";

/** What was heard of refunds and disputes. What is not told of stays as it was. */
export interface MoneyNews {
  readonly refunds: readonly GatewayRefund[];
  readonly disputes: readonly GatewayDispute[];
  /** A refund that was started here and for certain not carried out, and why. */
  readonly refused?: { readonly refundId: RefundId; readonly code: string };
  /** When asking began: what happened since is not in it. */
  readonly asOf: Instant;
}

/** Rows as they were, if there were any, and as they are now. */
export interface Changed<Row> {
  readonly before: Row | null;
  readonly now: Row;
}

export interface MoneyAfterNews {
  readonly refunds: readonly RefundRow[];
  readonly disputes: readonly DisputeRow[];
  readonly changedRefunds: readonly Changed<RefundRow>[];
  readonly changedDisputes: readonly Changed<DisputeRow>[];
}

const overStatuses: ReadonlySet<string> = new Set(["succeeded", "failed", "canceled", REFUSED]);
/** A refund that is under way is looked at again, in case nobody tells what became of it. */
const LOOK_AGAIN_MS = 6 * 60 * 60 * 1_000;

export function hasFailed({ status }: RefundRow): boolean {
  return status === "failed" || status === "canceled" || status === REFUSED;
}

/** Only what was refunded and disputed of the payment that granted the credits counts for them. */
export function purchaseMoneyOf(
  { topUp }: TopUpRow,
  { refunds, disputes }: Pick<MoneyKnown, "refunds" | "disputes">,
): PurchaseMoney | null {
  const { paymentIntentId, quote, state } = topUp;
  if (state !== "paid" || paymentIntentId === null) return null;
  const isOfPayment = (one: RefundRow | DisputeRow) => one.paymentIntentId === paymentIntentId;
  return {
    quantity: quote.quantity,
    totalMinor: quote.totalMinor,
    refunds: refunds.filter(isOfPayment).map((refund) => {
      const { id, amountMinor, credits } = refund;
      return { id, amountMinor, credits, status: hasFailed(refund) ? "failed" : refund.status };
    }),
    disputes: disputes
      .filter(isOfPayment)
      .map(({ id, amountMinor, status }) => ({ id, amountMinor, status })),
  };
}

export function afterNews(
  known: MoneyKnown,
  news: MoneyNews,
  { topUp }: TopUpRow,
  now: Instant,
): MoneyAfterNews {
  const refunds = new Map(known.refunds.map((refund) => [refund.id as string, refund]));
  const disputes = new Map(known.disputes.map((dispute) => [dispute.id, dispute]));
  const about = { accountId: topUp.accountId, topUpId: topUp.id };

  for (const told of news.refunds) {
    const before = [...refunds.values()].find((row) => isTheSame(row, told));
    if (before !== undefined && isNewer(before, news)) continue;
    const { status } = told;
    const gatewayRefundId = told.id;
    const heard = { gatewayRefundId, status, updatedAt: news.asOf };
    const row: RefundRow = before ?? {
      ...about,
      // How many are new is known only here. Decided again, it is another id, and nothing has seen the first.
      id: mintId("refund"),
      paymentIntentId: told.paymentIntentId,
      gatewayRefundId,
      amountMinor: minor(told.amountMinor),
      currency: told.currency.toUpperCase(),
      credits: null,
      status,
      reason: null,
      commandKey: null,
      fingerprint: null,
      key: null,
      params: null,
      firstSentAt: null,
      nextStepAt: null,
      createdAt: now,
      updatedAt: news.asOf,
    };
    refunds.set(row.id, { ...row, ...heard, nextStepAt: nextLookAt(row, status, now) });
  }
  const refused = refunds.get(news.refused?.refundId ?? "");
  if (refused?.status === STARTING) {
    refunds.set(refused.id, {
      ...refused,
      status: REFUSED,
      nextStepAt: null,
      updatedAt: news.asOf,
    });
  }
  for (const { id, paymentIntentId, amountMinor, currency, status } of news.disputes) {
    const before = disputes.get(id);
    if (before !== undefined && before.updatedAt > news.asOf) continue;
    const firstSeenAt = before?.firstSeenAt ?? now;
    disputes.set(id, {
      ...about,
      id,
      paymentIntentId,
      amountMinor: minor(amountMinor),
      currency: currency.toUpperCase(),
      status,
      firstSeenAt,
      updatedAt: news.asOf,
    });
  }
  return {
    refunds: [...refunds.values()],
    disputes: [...disputes.values()],
    changedRefunds: changesIn(known.refunds, refunds.values(), [
      "status",
      "gatewayRefundId",
      "nextStepAt",
    ]),
    changedDisputes: changesIn(known.disputes, disputes.values(), ["status", "amountMinor"]),
  };
}

/** By the gateway's id, or, if its answer never came, by ours, which we gave it to remember. */
function isTheSame(row: RefundRow, told: GatewayRefund): boolean {
  if (row.paymentIntentId !== told.paymentIntentId) return false;
  return row.gatewayRefundId === null ? row.id === told.refundId : row.gatewayRefundId === told.id;
}

/** An answer that overtook a younger one says nothing new. */
function isNewer(row: RefundRow, { asOf }: MoneyNews): boolean {
  return row.gatewayRefundId !== null && row.updatedAt > asOf;
}

function nextLookAt({ nextStepAt }: RefundRow, status: string, now: Instant): Instant | null {
  if (overStatuses.has(status)) return null;
  return nextStepAt !== null && nextStepAt > now ? nextStepAt : after(now, LOOK_AGAIN_MS);
}

function changesIn<Row extends { readonly id: string }>(
  before: readonly Row[],
  now: Iterable<Row>,
  told: readonly (keyof Row)[],
): Changed<Row>[] {
  return [...now].flatMap((row) => {
    const was = before.find(({ id }) => id === row.id) ?? null;
    const isChanged = was === null || told.some((field) => was[field] !== row[field]);
    return isChanged ? [{ before: was, now: row }] : [];
  });
}
