/** What a person is told when a call did not work, and what they can do about it. */
import type { Refusal, RefusalCode } from "@scanmeter/core";
import { creditsInWords } from "../format/credits.ts";
import type { CallFailure } from "./call-failure.ts";

type Sentences = {
  [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>) => string;
};

const refusalSentences: Sentences = {
  insufficient_credits: ({ required, available }) =>
    `This needs ${creditsInWords(required)} and ${available} are available.`,
  account_not_found: () => "This account no longer exists.",
  idempotency_key_reused: () => "This was already done with other details. Reload the page.",
  invalid_expiry: () => "The expiry date must lie in the future.",
  invalid_quantity: ({ min, max }) =>
    `Choose a whole number of credits from ${min} to ${creditsInWords(max)}.`,
  target_not_found: () => "This target no longer exists. Reload the page.",
  target_exists: ({ url }) => `There is already a target for ${url}.`,
  too_many: ({ what, max }) =>
    `There can be at most ${max} ${what}. ${what.endsWith("an hour") ? "Try again later." : "Remove one first."}`,
  runner_key_not_found: () => "This runner key no longer exists. Reload the page.",
  scan_not_found: () => "This scan no longer exists. Reload the page.",
  scan_already_ended: ({ state }) => `This scan has already ended: ${state}.`,
  scan_not_paused: () => "This scan is not paused.",
  scan_paused_by_user: () => "This scan was paused by a person and continues when they say so.",
  forbidden: ({ role }) => `Your role, ${role}, may not do this. Ask an owner of the account.`,
  payments_off: () => "Buying is switched off here. Credits come from the operator.",
  gateway_unavailable: () =>
    "The payment provider did not answer. Nothing was charged. Try again in a moment.",
  checkout_not_found: () =>
    "There is no such checkout in this account. Start again from Account Overview.",
  checkout_closed: ({ status }) => `This checkout is ${status}. Start a new one to buy more.`,
  quote_changed: () =>
    "The price has changed since it was shown. Look at the new one, then press the button again.",
  billing_required: () => "Fill in the billing details first.",
  payment_method_required: () => "Choose a card or add one first.",
  payment_method_not_found: () => "This card is no longer saved. Choose another one.",
  card_not_saved: () => "The bank did not accept this card, so it was not saved. Try another one.",
  payment_in_progress: () =>
    "A payment is under way. Wait until it is decided. Nothing is charged twice.",
  purchase_closed: ({ state }) => `This purchase is ${state}. Start a new one.`,
  top_up_not_found: () => "There is no such purchase in this account. Reload the page.",
  not_refundable: () => "This purchase cannot be refunded.",
  invalid_auto_top_up: ({ field, min, max }) => {
    switch (field) {
      case "quantity":
        return `Choose a whole number of credits from ${min} to ${creditsInWords(max ?? 0)}.`;
      case "triggers":
        return "Choose when to buy: when you run out of credits, before they expire, or both.";
      case "threshold":
        return `Choose a whole number of credits from ${min} to ${max} as the threshold.`;
      case "monthlyLimitMinor":
        return "The monthly limit is lower than one purchase. Choose a higher one, or none.";
    }
  },
  account_changed: () =>
    "You chose another account in another tab, so nothing was changed. Reload the page to go on.",
  member_not_found: () => "They no longer belong to the team. Reload the page.",
  last_owner: () =>
    "An account always has an owner, and this is the only one. Make somebody else an owner first.",
  already_a_member: ({ email }) => `${email} belongs to the team already.`,
  invitation_not_found: () =>
    "This invitation no longer works: it was used or withdrawn, or it has expired. Ask an owner of the account for a new one.",
  invitation_for_another: ({ email }) =>
    `This invitation was sent to ${email}. Sign in with that address to join.`,
  unknown_time_zone: () => "This time zone is not known here. Choose another one.",
  currency_not_sold: ({ sold }) => `Credits are sold in ${sold} only.`,
  currency_in_use: ({ currency }) =>
    `Credits were bought in ${currency}, so the currency of the account stays.`,
  settings_changed: () =>
    "Somebody else changed these settings while you edited them. Look at theirs, then save again.",
};

export function sentenceOf(failure: CallFailure): string {
  switch (failure.is) {
    case "refused":
      return refusalSentence(failure.refusal);
    case "signed-out":
      return "You have been signed out. Sign in again to continue.";
    case "invalid":
      return "Something that was entered is not accepted. Check the fields and try again.";
    case "unreachable":
      return "The server did not answer. Check the connection and try again.";
    case "absent":
    case "broken":
      return "Something went wrong on our side. Try again in a moment.";
  }
}

function refusalSentence(refusal: Refusal): string {
  // The server may be newer than this page and refuse with a code that is not in the table.
  const sentence = refusalSentences[refusal.code] as ((refusal: Refusal) => string) | undefined;
  return (
    sentence?.(refusal) ?? `This was refused (${refusal.code}). Reload the page and try again.`
  );
}
