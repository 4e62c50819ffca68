import type { SuspensionReason } from "../../auto-top-up/suspension.ts";

/** What stopped them and what starts them again. Never what a bank thinks of a card. */
export const suspensionWords: Readonly<Record<SuspensionReason, string>> = {
  card_refused: "Auto top-up is suspended until another card is chosen.",
  card_details: "Auto top-up is suspended until the card is renewed or another one is chosen.",
  retries_exhausted:
    "Auto top-up is suspended until another card is chosen or its settings are saved again.",
  authentication_unanswered:
    "A payment was not confirmed with your bank in time. Choose another card, or save the settings of auto top-up again.",
  inquiry: "Your bank has a question about an earlier payment, which has to be answered first.",
  dispute: "An earlier payment is disputed, which has to be decided first.",
  fraud_warning: "An earlier payment has to be checked first. Write to us about it.",
  operator: "We stopped it for your account. Write to us and we tell you why.",
};
