/**
 * The cards this Stripe knows, by the numbers and ids Stripe publishes for testing, and what each
 * does. Nobody's real card works here, and no number is kept.
 */
import { type Decline, declines } from "./declines.ts";

export interface TestCard {
  /** The id that may stand in API calls instead of a stored card. */
  readonly id: string | null;
  readonly number: string;
  readonly brand: "visa" | "mastercard" | "amex";
  readonly does: string;
  readonly group: "works" | "asks" | "refused" | "trouble";
  readonly canBeSaved: boolean;
  readonly decline?: Decline;
  /** Who must be asked before money moves; see `verdict.ts`. */
  readonly authentication?: "unless_set_up" | "always" | "on_session_only";
  readonly afterPayment?: AfterPayment;
  readonly refund?: "pending" | "fails";
}

export type AfterPayment =
  | { readonly kind: "dispute"; readonly reason: string; readonly times: number }
  | { readonly kind: "inquiry"; readonly reason: string }
  | { readonly kind: "fraud_warning" };

const works = { group: "works", canBeSaved: true } as const;
const asks = { group: "asks", canBeSaved: true } as const;
const refused = { group: "refused", canBeSaved: false } as const;
const trouble = { group: "trouble", canBeSaved: true } as const;

export const testCards: readonly TestCard[] = [
  visa("pm_card_visa", "4242424242424242", "always succeeds", works),
  {
    ...visa("pm_card_mastercard", "5555555555554444", "always succeeds", works),
    brand: "mastercard",
  },
  { ...visa("pm_card_amex", "378282246310005", "always succeeds", works), brand: "amex" },
  visa(
    "pm_card_authenticationRequiredOnSetup",
    "4000002500003155",
    "must be confirmed once, when it is saved",
    { ...asks, authentication: "unless_set_up" },
  ),
  visa("pm_card_authenticationRequired", "4000002760003184", "must be confirmed every time", {
    ...asks,
    authentication: "always",
  }),
  visa(
    "pm_card_authenticationRequiredSetupForOffSession",
    "4000003800000446",
    "must be confirmed when the customer is present, works without",
    { ...asks, authentication: "on_session_only" },
  ),
  visa(
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    "4000008260003178",
    "must be confirmed, then has too little money",
    { ...asks, authentication: "always", decline: declines.insufficient_funds },
  ),
  visa(
    "pm_card_threeDSecureRequiredChargeDeclined",
    "4000008400001629",
    "must be confirmed, then is declined",
    { ...asks, authentication: "always", decline: declines.generic_decline },
  ),
  visa(
    "pm_card_chargeCustomerFail",
    "4000000000000341",
    "can be saved, every payment is declined",
    { ...refused, canBeSaved: true, decline: declines.generic_decline },
  ),
  declined("pm_card_visa_chargeDeclined", "4000000000000002", "generic_decline"),
  declined(
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "4000000000009995",
    "insufficient_funds",
  ),
  declined("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "lost_card"),
  declined("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "stolen_card"),
  declined("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "expired_card"),
  declined("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc"),
  declined("pm_card_chargeDeclinedProcessingError", "4000000000000119", "processing_error"),
  declined(
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
    "4000000000006975",
    "card_velocity_exceeded",
  ),
  declined(null, "4242424242424241", "incorrect_number"),
  visa("pm_card_radarBlock", "4100000000000019", "blocked as too risky", {
    ...refused,
    canBeSaved: true,
    decline: declines.fraudulent,
  }),
  visa("pm_card_createDispute", "4000000000000259", "works, then is disputed as fraudulent", {
    ...trouble,
    afterPayment: { kind: "dispute", reason: "fraudulent", times: 1 },
  }),
  visa(
    "pm_card_createDisputeProductNotReceived",
    "4000000000002685",
    "works, then is disputed as not received",
    { ...trouble, afterPayment: { kind: "dispute", reason: "product_not_received", times: 1 } },
  ),
  visa("pm_card_createDisputeInquiry", "4000000000001976", "works, then the bank inquires", {
    ...trouble,
    afterPayment: { kind: "inquiry", reason: "fraudulent" },
  }),
  visa("pm_card_createMultipleDisputes", "4000000404000079", "works, then is disputed twice", {
    ...trouble,
    afterPayment: { kind: "dispute", reason: "fraudulent", times: 2 },
  }),
  visa(
    "pm_card_createIssuerFraudRecord",
    "4000000000005423",
    "works, then the bank warns of fraud",
    { ...trouble, afterPayment: { kind: "fraud_warning" } },
  ),
  visa("pm_card_pendingRefund", "4000000000007726", "works, a refund is slow", {
    ...trouble,
    refund: "pending",
  }),
  visa("pm_card_refundFail", "4000000000005126", "works, a refund fails later", {
    ...trouble,
    refund: "fails",
  }),
];

export function findTestCard(idOrNumber: string): TestCard | undefined {
  return testCards.find(({ id, number }) => id === idOrNumber || number === idOrNumber);
}

function visa(
  id: string | null,
  number: string,
  does: string,
  rest: Omit<TestCard, "id" | "number" | "brand" | "does">,
): TestCard {
  return { id, number, brand: "visa", does, ...rest };
}

function declined(id: string | null, number: string, code: keyof typeof declines): TestCard {
  const decline = declines[code];
  return visa(id, number, `declined: ${code.replaceAll("_", " ")}`, { ...refused, decline });
}
