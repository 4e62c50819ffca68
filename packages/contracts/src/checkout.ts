/** Buying credits as pages see it. Money is whole minor units, instants are ISO 8601 UTC. */

/** Subtotal less discount plus tax is the total, and the total is what is charged. */
export interface MoneyView {
  quantity: number;
  currency: string;
  unitPriceMinor: number;
  /** The discount of the quantity's tier; a cap makes the discounted amount larger than that. */
  discountPercent: number;
  subtotalMinor: number;
  discountMinor: number;
  taxMinor: number;
  totalMinor: number;
  /** Buying this many would cost less, so no more than its price is charged. */
  cappedByQuantity?: number;
  /** 19 for 19 %. */
  taxPercent: number;
  /** The sentence a document must carry when no tax is on it. */
  taxNote: string | null;
}

/** What a quantity would cost now. */
export interface QuoteView extends MoneyView {
  /** The date all unexpired paid credits, and the new ones, will have if it is paid now. */
  newExpiryAt: string;
  /** The lots whose date that moves, the nearest first; those that are not here keep theirs. */
  extends: ExtendedLotView[];
}

export interface ExtendedLotView {
  lotId: string;
  credits: number;
  from: string;
  to: string;
  /** Past its date and kept; the purchase brings it back. */
  isRevived: boolean;
}

export interface PricesView {
  currency: string;
  unitPriceMinor: number;
  quantityMin: number;
  quantityMax: number;
  /** From each quantity on, the whole quantity has the discount. */
  tiers: { from: number; discountPercent: number }[];
  /** False when nothing can be bought here; the pages say so. */
  isOpen: boolean;
}

export interface BillingView {
  name: string;
  company: string | null;
  email: string;
  address: {
    line1: string;
    line2: string | null;
    city: string;
    postalCode: string;
    state: string | null;
    country: string;
  };
  taxId: string | null;
}

export interface PaymentMethodView {
  id: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  isDefault: boolean;
}

export type CheckoutStatus = "open" | "processing" | "complete" | "canceled";
export type CheckoutStep = "order" | "billing" | "confirmation" | "done";

/** Why the last try did not go through, in words that say what to do. */
export interface CheckoutError {
  code: string;
  message: string;
}

export interface CheckoutView {
  id: string;
  status: CheckoutStatus;
  /** The first step that is not complete; earlier ones may be opened again while it is open. */
  step: CheckoutStep;
  quantity: number;
  quote: QuoteView;
  billing: BillingView | null;
  paymentMethod: PaymentMethodView | null;
  /** Whether the card stays saved after the purchase. */
  keepsCard: boolean;
  topUpId: string | null;
  /** Where the customer has to go next, such as the bank's page. */
  nextAction: { type: "redirect"; url: string } | null;
  lastError: CheckoutError | null;
}

export type TopUpTriggerView = "manual" | "out_of_credits" | "before_expiry";

/** What became of the money later. */
export type SettlementView =
  | "none"
  | "refund_pending"
  | "partially_refunded"
  | "refunded"
  | "inquiry"
  | "disputed"
  | "dispute_lost";

export interface ReceiptView {
  paidAt: string;
  newExpiresAt: string;
  /** How many of the credits went to hours that were owed. */
  debtRepaid: number;
  /** Lot by lot; the lot that was bought has no old date. */
  lots: { lotId: string; credits: number; oldExpiresAt: string | null; newExpiresAt: string }[];
}

export interface TopUpView {
  id: string;
  trigger: TopUpTriggerView;
  state: string;
  settlement: SettlementView;
  credits: number;
  money: MoneyView;
  createdAt: string;
  paidAt: string | null;
  receipt: ReceiptView | null;
  invoice: DocumentView | null;
  lastError: CheckoutError | null;
}

/** An invoice, a credit note, or the cancellation of one whose refund failed. */
export interface DocumentView {
  id: string;
  /** As printed, such as "2026-000042". */
  number: string;
  kind: "invoice" | "credit_note" | "cancellation";
  issuedAt: string;
  totalMinor: number;
  currency: string;
  topUpId: string;
  /** Where the PDF is downloaded. */
  url: string;
}
