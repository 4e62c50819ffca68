/** How buying looks on the wire. Pure, so that every doorway says the same. */
import {
  type ForeseenExtension,
  type Instant,
  isoOf,
  type PriceList,
  type Quote,
  type Tax,
  taxNote,
} from "@scanmeter/core";
import {
  type BillingDetails,
  declineSentence,
  isClosed,
  type PaymentFailure,
  type Receipt,
  type TopUp,
} from "@scanmeter/core/purchase";
import type {
  CheckoutError,
  CheckoutStatus,
  CheckoutStep,
  CheckoutView,
  DocumentView,
  MoneyView,
  PaymentMethodView,
  PricesView,
  QuoteView,
  ReceiptView,
  SettlementView,
  TopUpView,
} from "./checkout.ts";

export function pricesViewOf(priceList: PriceList, isOpen: boolean): PricesView {
  const { currency, unitPriceMinor, quantityMax, tiers } = priceList;
  return {
    currency,
    unitPriceMinor,
    quantityMin: 1,
    quantityMax,
    tiers: tiers.map(({ from, discountPercent }) => ({ from, discountPercent })),
    isOpen,
  };
}

export interface QuoteFacts {
  readonly quote: Quote;
  readonly tax: Tax;
  readonly newExpiresAt: Instant;
  readonly extensions: readonly ForeseenExtension[];
}

const BASIS_POINTS_OF_A_PERCENT = 100;

export function moneyViewOf({ quote, tax }: Pick<QuoteFacts, "quote" | "tax">): MoneyView {
  return {
    ...quote,
    taxPercent: tax.basisPoints / BASIS_POINTS_OF_A_PERCENT,
    taxNote: taxNote(tax),
  };
}

export function quoteViewOf(facts: QuoteFacts): QuoteView {
  return {
    ...moneyViewOf(facts),
    newExpiryAt: isoOf(facts.newExpiresAt),
    extends: facts.extensions.map(({ lotId, credits, oldExpiresAt, newExpiresAt, isRevived }) => ({
      lotId,
      credits,
      from: isoOf(oldExpiresAt),
      to: isoOf(newExpiresAt),
      isRevived,
    })),
  };
}

export function paymentMethodViewOf(card: PaymentMethodView): PaymentMethodView {
  const { id, brand, last4, expMonth, expYear, isDefault } = card;
  return { id, brand, last4, expMonth, expYear, isDefault };
}

export interface CheckoutFacts {
  readonly checkout: {
    readonly id: string;
    readonly quantity: number;
    readonly keepsCard: boolean;
    readonly topUpId: string | null;
    readonly status: "open" | "complete" | "canceled";
  };
  readonly priced: QuoteFacts;
  readonly billing: BillingDetails | null;
  readonly paymentMethod: PaymentMethodView | null;
  readonly topUp: { readonly topUp: TopUp } | null;
}

export function checkoutViewOf(facts: CheckoutFacts): CheckoutView {
  const { checkout, priced, billing, paymentMethod } = facts;
  const topUp = facts.topUp?.topUp ?? null;
  const status = statusOf(checkout.status, topUp);
  return {
    id: checkout.id,
    status,
    step: stepOf(facts, status),
    quantity: checkout.quantity,
    // Once it is being paid, the price is the one the customer agreed to.
    quote:
      topUp !== null && status !== "open"
        ? quoteViewOf({ ...priced, quote: topUp.quote, tax: topUp.terms.tax })
        : quoteViewOf(priced),
    billing,
    paymentMethod: paymentMethod && paymentMethodViewOf(paymentMethod),
    keepsCard: checkout.keepsCard,
    topUpId: checkout.topUpId,
    nextAction:
      status === "processing" && topUp?.redirectUrl != null
        ? { type: "redirect", url: topUp.redirectUrl }
        : null,
    lastError: lastErrorOf(topUp),
  };
}

function statusOf(stored: "open" | "complete" | "canceled", topUp: TopUp | null): CheckoutStatus {
  if (stored !== "open" || topUp === null) return stored;
  switch (topUp.state) {
    case "paid":
      return "complete";
    case "charging":
    case "action_required":
    case "processing":
    case "needs_review":
      return "processing";
    case "draft":
      return topUp.attempts.length > 0 ? "processing" : "open";
    default:
      return topUp.closing === null ? "open" : "processing";
  }
}

function stepOf(facts: CheckoutFacts, status: CheckoutStatus): CheckoutStep {
  if (status === "complete") return "done";
  const { checkout, billing, paymentMethod } = facts;
  const isBilled = billing !== null || checkout.quantity === 0;
  return isBilled && paymentMethod !== null ? "confirmation" : "billing";
}

function lastErrorOf(topUp: TopUp | null): CheckoutError | null {
  if (topUp?.state === "needs_review") {
    return {
      code: "needs_review",
      message: "This payment needs a look by a person. Nothing more is charged; we write to you.",
    };
  }
  if (topUp?.failure) return failureErrorOf(topUp.failure);
  if (topUp !== null && isClosed(topUp) && topUp.state !== "canceled") {
    return {
      code: topUp.state === "expired" ? "payment_expired" : "payment_failed",
      message: "The payment was not completed and nothing was charged. You can try again.",
    };
  }
  return null;
}

function failureErrorOf(failure: PaymentFailure): CheckoutError {
  const needsAuthentication = [failure.code, failure.declineCode].includes(
    "authentication_required",
  );
  return {
    code: needsAuthentication ? "authentication_required" : "payment_declined",
    message: declineSentence(failure),
  };
}

export interface TopUpFacts {
  readonly topUp: TopUp;
  readonly receipt: Receipt | null;
  readonly settlement: SettlementView;
}

export function topUpViewOf(
  { topUp, receipt, settlement }: TopUpFacts,
  invoice: DocumentView | null,
): TopUpView {
  const { quote, terms } = topUp;
  return {
    id: topUp.id,
    trigger: topUp.trigger,
    state: topUp.state,
    settlement,
    credits: quote.quantity,
    money: moneyViewOf({ quote, tax: terms.tax }),
    createdAt: isoOf(topUp.createdAt),
    paidAt: topUp.paidAt === null ? null : isoOf(topUp.paidAt),
    receipt: receipt && receiptViewOf(receipt),
    invoice,
    lastError: lastErrorOf(topUp),
  };
}

function receiptViewOf({ paidAt, newExpiresAt, debtRepaid, lots }: Receipt): ReceiptView {
  return {
    paidAt: isoOf(paidAt),
    newExpiresAt: isoOf(newExpiresAt),
    debtRepaid,
    lots: lots.map(({ lotId, credits, oldExpiresAt, newExpiresAt: moved }) => ({
      lotId,
      credits,
      oldExpiresAt: oldExpiresAt === null ? null : isoOf(oldExpiresAt),
      newExpiresAt: isoOf(moved),
    })),
  };
}
