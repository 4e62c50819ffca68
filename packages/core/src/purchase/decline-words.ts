import type { PaymentFailure } from "./payment-intent.ts";

/**
 * What a customer is told about a payment that did not go through: what to do, never why the bank
 * thinks badly of the card. Codes such as "lost", "stolen" or "fraudulent" have the words of any other
 * decline on purpose (docs.stripe.com/declines/codes).
 */
export function declineSentence({ code, declineCode }: PaymentFailure): string {
  const reason = declineCode ?? code;
  const words = sentences[reason] ?? sentences[code];
  return words ?? "The bank declined the payment. Use another card, or ask the bank.";
}

const incorrect = "The card's details were not accepted. Add the card again, or use another one.";
const sentences: Readonly<Record<string, string>> = {
  insufficient_funds: "The card does not have enough funds. Use another card, or try again later.",
  card_velocity_exceeded: "The card has reached its limit. Use another card, or try again later.",
  withdrawal_count_limit_exceeded:
    "The card has reached its limit. Use another card, or try again later.",
  card_decline_rate_limit_exceeded:
    "This card was declined too often. Use another card, or try again tomorrow.",
  expired_card: "The card has expired. Use another card.",
  incorrect_cvc: incorrect,
  invalid_cvc: incorrect,
  incorrect_number: incorrect,
  invalid_number: incorrect,
  invalid_expiry_month: incorrect,
  invalid_expiry_year: incorrect,
  incorrect_zip: incorrect,
  card_not_supported: "The card cannot be used for this purchase. Use another card.",
  currency_not_supported: "The card cannot pay in this currency. Use another card.",
  processing_error: "The bank could not process the payment. Try again in a moment.",
  issuer_not_available: "The bank could not be reached. Try again in a moment.",
  try_again_later: "The bank could not process the payment. Try again in a moment.",
  authentication_required:
    "The bank asks you to confirm this payment. Try again and confirm it, or use another card.",
  payment_intent_authentication_failure:
    "The payment was not confirmed with the bank. Try again and confirm it, or use another card.",
  authentication_not_handled:
    "The payment was not confirmed with the bank. Try again and confirm it, or use another card.",
};
