/** Purchases and payments for tests, as plain data: ten credits for 95.00 euros, ordered at noon. */

import type { TopUpId } from "../ids.ts";
import { minor } from "../pricing/money.ts";
import type { QuoteTerms } from "../pricing/quote.ts";
import { advance, type TopUpEvent, type TopUpRefusal } from "../purchase/advance.ts";
import type { PaymentFailure, PaymentIntentFacts } from "../purchase/payment-intent.ts";
import { openTopUp, type TopUp } from "../purchase/top-up.ts";
import { credits, type Instant } from "../units.ts";
import { accountId, noon } from "./builders.ts";

export const tenCredits: QuoteTerms = {
  quantity: credits(10),
  currency: "EUR",
  priceListVersion: "2026-1",
  unitPriceMinor: minor(1000),
  discountPercent: 5,
  cap: null,
  tax: { treatment: "outside_eu", basisPoints: 0 },
};

export function aTopUp(change: Partial<TopUp> = {}): TopUp {
  const order = {
    id: "top_1" as TopUpId,
    accountId,
    trigger: "manual",
    triggerKey: "manual:1",
    terms: tenCredits,
    customerId: "cus_1",
    livemode: false,
  } as const;
  return { ...openTopUp(order, noon), ...change };
}

/** The payment for it, freshly made. */
export function anIntent(change: Partial<PaymentIntentFacts> = {}): PaymentIntentFacts {
  return {
    object: "payment_intent",
    id: "pi_1",
    status: "requires_payment_method",
    amountMinor: 95_00,
    amountReceivedMinor: change.status === "succeeded" ? 95_00 : 0,
    currency: "eur",
    customerId: "cus_1",
    livemode: false,
    topUpId: "top_1",
    paidAt: null,
    redirectUrl: null,
    failure: null,
    ...change,
  };
}

export const declined: PaymentFailure = {
  code: "card_declined",
  declineCode: "insufficient_funds",
  adviceCode: null,
};

/** One event after the other, each of which must be allowed. */
export function through(
  topUp: TopUp,
  ...events: readonly (readonly [now: Instant, event: TopUpEvent])[]
): TopUp {
  return events.reduce((before, [now, event]) => {
    const outcome = advance(before, event, now);
    if (!outcome.ok) throw new Error(`${event.type}: ${outcome.refusal.code}`);
    return outcome.value;
  }, topUp);
}

export function refusalOf(topUp: TopUp, event: TopUpEvent, now: Instant): TopUpRefusal["code"] {
  const outcome = advance(topUp, event, now);
  if (outcome.ok) throw new Error(`${event.type} is allowed`);
  return outcome.refusal.code;
}
