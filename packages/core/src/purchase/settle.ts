/**
 * Turns a successful payment into credits, exactly once. Whoever hears of the payment first, the
 * return page, the webhook or the reconciler, reads it and comes here; the others find it done.
 */
import { addMonths } from "../calendar.ts";
import type { LotId, TopUpId } from "../ids.ts";
import { planExtensions } from "../ledger/extension.ts";
import { decideGrant } from "../ledger/grant.ts";
import type { Journal } from "../ledger/journal.ts";
import { decideRevive } from "../ledger/kept-credits.ts";
import type { Extension } from "../ledger/posting.ts";
import type { Quote } from "../pricing/quote.ts";
import { settings } from "../settings.ts";
import { type Credits, earlier, type Instant, later, subtract } from "../units.ts";
import { type Difference, differencesFrom, type PaymentIntentFacts } from "./payment-intent.ts";
import { expectedPayment, type TopUp, type TopUpTrigger } from "./top-up.ts";
import { withNothingUnresolved } from "./transitions.ts";

/** What a purchase did: bought, price, and each lot with its old and new date (rule 26). */
export interface Receipt {
  readonly topUpId: TopUpId;
  readonly trigger: TopUpTrigger;
  readonly bought: Credits;
  readonly quote: Quote;
  readonly paidAt: Instant;
  readonly newExpiresAt: Instant;
  /** How much of what was bought went to hours that were owed. */
  readonly debtRepaid: Credits;
  readonly lots: readonly ReceiptLot[];
}

export interface ReceiptLot {
  readonly lotId: LotId;
  /** What it holds after the purchase. */
  readonly credits: Credits;
  /** Null for the lot that was bought. */
  readonly oldExpiresAt: Instant | null;
  readonly newExpiresAt: Instant;
}

export type Settlement =
  | { readonly as: "paid"; readonly topUp: TopUp; readonly receipt: Receipt }
  /** It was settled before by this same payment. */
  | { readonly as: "already_paid"; readonly topUp: TopUp }
  /** The gateway does not say "succeeded", in these very words; nothing is granted. */
  | { readonly as: "not_paid"; readonly topUp: TopUp }
  /** Money came that is not the money we asked for; nothing is granted and a person looks at it. */
  | { readonly as: "needs_review"; readonly topUp: TopUp }
  /** The top-up was paid by another payment before; this one is to be refunded in full. */
  | { readonly as: "duplicate_payment"; readonly topUp: TopUp; readonly paymentIntentId: string }
  /** Somebody else's money that names this top-up, which was paid before. A person looks at it. */
  | { readonly as: "foreign_payment"; readonly topUp: TopUp; readonly paymentIntentId: string };

export interface SettleRequest {
  readonly topUp: TopUp;
  readonly intent: PaymentIntentFacts;
  readonly lotId: LotId;
  readonly timeZone: string;
}

/** The key of the posting that grants what a payment paid for: a payment can have only one. */
export function purchaseKey(paymentIntentId: string): string {
  return `purchase-${paymentIntentId}`;
}

export function extensionKey(paymentIntentId: string): string {
  return `extension-${paymentIntentId}`;
}

/** In what a payment that succeeded is not the one that was ordered; nothing when it is. */
export function differencesFromOrder(topUp: TopUp, intent: PaymentIntentFacts): Difference[] {
  const differences = differencesFrom(expectedPayment(topUp), intent);
  const isWhole = intent.amountReceivedMinor === topUp.quote.totalMinor;
  return isWhole ? differences : [...differences, "amount_received"];
}

/**
 * Settles whatever the row thinks of the payment: one that succeeds after we took it for failed is
 * paid all the same. Books the grant and right behind it, if any dates move, one extension, and the
 * revival of what was kept past its date.
 */
export function decideSettle(books: Journal, request: SettleRequest): Settlement {
  const { topUp, intent } = request;
  if (intent.status !== "succeeded") return { as: "not_paid", topUp };
  if (topUp.state === "paid") return settledBefore(topUp, intent);
  const isAnother = topUp.paymentIntentId !== null && intent.id !== topUp.paymentIntentId;
  // It names this purchase and is not for it; the customer's own payment goes on undisturbed.
  if (isAnother && !couldBeOurs(topUp, intent)) {
    return { as: "foreign_payment", topUp, paymentIntentId: intent.id };
  }
  const differences = differencesFromOrder(topUp, intent);
  if (differences.length > 0) return toBeReviewed(topUp, differences);

  const paidAt = paymentInstant(topUp, intent, books.now);
  const newExpiresAt = addMonths(paidAt, settings.creditMonths, request.timeZone);
  const bought = topUp.quote.quantity;
  const debtBefore = books.account.debt;
  const granted = decideGrant(books, {
    lotId: request.lotId,
    credits: bought,
    kind: "paid",
    source: "purchase",
    expiresAt: newExpiresAt,
    key: purchaseKey(intent.id),
    fingerprint: topUp.id,
    topUpId: topUp.id,
    askedBy: topUp.orderedBy,
  });
  // Only a payment that is found out more than a year later: its credits would be over already.
  if (!granted.ok) return toBeReviewed(topUp, ["expiry"]);

  const extensions = planExtensions(books.lots, newExpiresAt, books.now);
  if (extensions.length > 0) {
    books.book({
      kind: "extension",
      key: extensionKey(intent.id),
      bookedAt: books.now,
      extensions,
      topUpId: topUp.id,
      askedBy: topUp.orderedBy,
      reason: "purchase",
    });
  }
  const revived = decideRevive(books, {
    paymentIntentId: intent.id,
    topUpId: topUp.id,
    askedBy: topUp.orderedBy,
    newExpiresAt,
  });
  const receipt: Receipt = {
    topUpId: topUp.id,
    trigger: topUp.trigger,
    bought,
    quote: topUp.quote,
    paidAt,
    newExpiresAt,
    debtRepaid: subtract(debtBefore, books.account.debt),
    lots: [
      receiptLot(books, request.lotId, { oldExpiresAt: null, newExpiresAt }),
      ...[...extensions, ...revived].map((moved) => receiptLot(books, moved.lotId, moved)),
    ],
  };
  return { as: "paid", topUp: paid(topUp, { paidAt, lotId: request.lotId }, books.now), receipt };
}

function settledBefore(topUp: TopUp, intent: PaymentIntentFacts): Settlement {
  if (intent.id === topUp.paymentIntentId) return { as: "already_paid", topUp };
  // A payment made for somebody else is not ours to give back.
  const as = couldBeOurs(topUp, intent) ? "duplicate_payment" : "foreign_payment";
  return { as, topUp, paymentIntentId: intent.id };
}

/** Whether it is what was ordered in everything but its id. */
function couldBeOurs(topUp: TopUp, intent: PaymentIntentFacts): boolean {
  const expected = { ...expectedPayment(topUp), paymentIntentId: intent.id };
  return differencesFrom(expected, intent).length === 0;
}

/**
 * When the money was taken, by the gateway's clock, but never before we sent the confirmation nor
 * after now, so that two clocks that disagree cannot make dates nobody would understand. It is the
 * same whoever settles, however late.
 */
function paymentInstant(topUp: TopUp, intent: PaymentIntentFacts, now: Instant): Instant {
  const confirmed = topUp.attempts.find(({ action }) => action === "confirm");
  const paidAt = earlier(intent.paidAt ?? now, now);
  return later(paidAt, confirmed?.firstSentAt ?? topUp.createdAt);
}

function receiptLot(
  books: Journal,
  lotId: LotId,
  dates: Pick<Extension, "newExpiresAt"> & { readonly oldExpiresAt: Instant | null },
): ReceiptLot {
  const { oldExpiresAt, newExpiresAt } = dates;
  return { lotId, credits: books.lot(lotId).remaining, oldExpiresAt, newExpiresAt };
}

function toBeReviewed(topUp: TopUp, differences: readonly Difference[]): Settlement {
  return {
    as: "needs_review",
    topUp: { ...topUp, state: "needs_review", differences, nextStepAt: null },
  };
}

function paid(
  topUp: TopUp,
  { paidAt, lotId }: { readonly paidAt: Instant; readonly lotId: LotId },
  now: Instant,
): TopUp {
  return {
    ...withNothingUnresolved(topUp, now),
    state: "paid",
    paidAt,
    lotId,
    closing: null,
    redirectUrl: null,
    failure: null,
    differences: [],
    readAt: null,
    nextStepAt: null,
  };
}
