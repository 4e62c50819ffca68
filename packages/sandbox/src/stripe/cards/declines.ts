/** Why a bank says no, in the words a client gets to read. */

export interface Decline {
  readonly code: string;
  readonly decline_code?: string;
  /** What the card network advises to do about it. */
  readonly advice_code?: "confirm_card_data" | "do_not_try_again" | "try_again_later";
  readonly message: string;
  /** Stopped by Stripe's own rules; the bank was never asked. */
  readonly isBlocked?: true;
}

const DECLINED = "Your card was declined.";

export const declines = {
  generic_decline: cardDeclined("generic_decline", "try_again_later"),
  insufficient_funds: {
    ...cardDeclined("insufficient_funds", "try_again_later"),
    message: "Your card has insufficient funds.",
  },
  lost_card: cardDeclined("lost_card", "do_not_try_again"),
  stolen_card: cardDeclined("stolen_card", "do_not_try_again"),
  card_velocity_exceeded: cardDeclined("card_velocity_exceeded", "try_again_later"),
  fraudulent: { ...cardDeclined("fraudulent", "do_not_try_again"), isBlocked: true },
  test_mode_live_card: {
    ...cardDeclined("test_mode_live_card", "confirm_card_data"),
    message: "Your card was declined. Only test cards work here; never enter a real one.",
  },
  expired_card: {
    code: "expired_card",
    advice_code: "confirm_card_data",
    message: "Your card has expired.",
  },
  incorrect_cvc: {
    code: "incorrect_cvc",
    advice_code: "confirm_card_data",
    message: "Your card's security code is incorrect.",
  },
  incorrect_number: {
    code: "incorrect_number",
    advice_code: "confirm_card_data",
    message: "Your card number is incorrect.",
  },
  processing_error: {
    code: "processing_error",
    advice_code: "try_again_later",
    message: "An error occurred while processing your card. Try again in a little bit.",
  },
  authentication_required: {
    code: "authentication_required",
    decline_code: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
  },
} as const satisfies Record<string, Decline>;

function cardDeclined(
  decline_code: string,
  advice_code: NonNullable<Decline["advice_code"]>,
): Decline {
  return { code: "card_declined", decline_code, advice_code, message: DECLINED };
}
