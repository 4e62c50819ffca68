/**
 * A purchase of credits, as its row remembers it. The row is written before the payment gateway is
 * called, so it always says at least as much as may have happened. Money is decided by the gateway,
 * credits by the row: they are granted in the same write that makes it `paid`, and only there.
 */
import type { AccountId, LotId, TopUpId } from "../ids.ts";
import type { Quote, QuoteTerms } from "../pricing/quote.ts";
import { requote } from "../pricing/quote.ts";
import { after, type Instant } from "../units.ts";
import { isUnresolved, type PaymentAttempt } from "./attempt.ts";
import type { Difference, ExpectedPayment, PaymentFailure } from "./payment-intent.ts";
import { purchaseSettings } from "./settings.ts";

export const topUpTriggers = ["manual", "out_of_credits", "before_expiry"] as const;
export type TopUpTrigger = (typeof topUpTriggers)[number];

export const topUpStates = [
  /** Priced; the payment is not known to exist. No money can move. */
  "draft",
  /** The payment exists and nothing is under way: the customer may pay, or try another card. */
  "awaiting_payment",
  /** A confirmation was stored and its outcome is not known yet. */
  "charging",
  /** An automatic purchase was declined and will be tried again; nothing is under way until then. */
  "retry_wait",
  /** The customer has to authenticate on the bank's page. */
  "action_required",
  /** The gateway has what it needs; reading the payment tells the rest. */
  "processing",
  "paid",
  "expired",
  "canceled",
  "failed",
  /** Something does not fit, or nobody answers: a person looks at it, and no credits move. */
  "needs_review",
] as const;
export type TopUpState = (typeof topUpStates)[number];

/** It is to end, once the gateway confirms that no money can move any more. */
export interface Closing {
  readonly as: ClosedState;
  readonly since: Instant;
  /** When to ask the gateway to cancel, for the first time or again. */
  readonly cancelAt: Instant;
}

export type ClosedState = Extract<TopUpState, "expired" | "canceled" | "failed">;

export interface TopUp {
  readonly id: TopUpId;
  readonly accountId: AccountId;
  readonly trigger: TopUpTrigger;
  /** What it answers to, unique in the database: one intention makes one purchase. */
  readonly triggerKey: string;
  /** The user who pressed the button; null for an automatic purchase. */
  readonly orderedBy: string | null;
  readonly state: TopUpState;
  /** Price, discount and tax rate of the day it was ordered; what was shown is what is charged. */
  readonly terms: QuoteTerms;
  readonly quote: Quote;
  /** The gateway's customer, and whether its money is real. */
  readonly customerId: string;
  readonly livemode: boolean;
  readonly paymentIntentId: string | null;
  readonly attempts: readonly PaymentAttempt[];
  readonly closing: Closing | null;
  readonly redirectUrl: string | null;
  /** Why the last try did not go through. */
  readonly failure: PaymentFailure | null;
  readonly differences: readonly Difference[];
  readonly createdAt: Instant;
  readonly openUntil: Instant;
  /** When the payment is to be read next while somebody else acts. */
  readonly readAt: Instant | null;
  /** The earliest instant at which something is owed even if nobody calls; null when nothing is. */
  readonly nextStepAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly lotId: LotId | null;
  /** As it was read, 0 for a new row. Each write raises it by one, and the database refuses a write that read an older one. */
  readonly revision: number;
}

export type NewTopUp = Pick<
  TopUp,
  "id" | "accountId" | "trigger" | "triggerKey" | "terms" | "customerId" | "livemode"
> & {
  readonly orderedBy?: string | null;
  /** The date an automatic purchase is to move: it is of no use after it. */
  readonly usefulUntil?: Instant | null;
};

export function openTopUp(
  { usefulUntil = null, orderedBy = null, ...order }: NewTopUp,
  now: Instant,
): TopUp {
  const { openForMs, automaticOpenForMs } = purchaseSettings;
  const isByHand = order.trigger === "manual";
  const openUntil = usefulUntil ?? after(now, isByHand ? openForMs : automaticOpenForMs);
  return {
    ...order,
    orderedBy,
    state: "draft",
    quote: requote(order.terms),
    paymentIntentId: null,
    attempts: [],
    closing: null,
    redirectUrl: null,
    failure: null,
    differences: [],
    createdAt: now,
    openUntil,
    readAt: null,
    // What nobody presses a button for, a worker begins at once.
    nextStepAt: isByHand ? openUntil : now,
    paidAt: null,
    lotId: null,
    revision: 0,
  };
}

const closedStates: ReadonlySet<TopUpState> = new Set(["expired", "canceled", "failed"]);

/** Over without a payment. A payment that succeeds after all still settles. */
export function isClosed(topUp: Pick<TopUp, "state">): boolean {
  return closedStates.has(topUp.state);
}

/** Something may still become of it without a person looking at it. */
export function isUnderWay(topUp: Pick<TopUp, "state">): boolean {
  return topUp.state !== "paid" && topUp.state !== "needs_review" && !isClosed(topUp);
}

export function unresolvedAttempts(topUp: TopUp): readonly PaymentAttempt[] {
  return topUp.attempts.filter(isUnresolved);
}

export function unresolvedAttempt(
  topUp: TopUp,
  action: PaymentAttempt["action"],
): PaymentAttempt | undefined {
  return topUp.attempts.find((attempt) => attempt.action === action && isUnresolved(attempt));
}

export function expectedPayment(topUp: TopUp): ExpectedPayment {
  const { id, paymentIntentId, quote, customerId, livemode } = topUp;
  const { totalMinor: amountMinor, currency } = quote;
  return { topUpId: id, paymentIntentId, amountMinor, currency, customerId, livemode };
}
