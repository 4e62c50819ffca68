/** How an expected no leaves this doorway: which tRPC code it has and how it reads to a person. */
import type { Outcome, Refusal, RefusalCode } from "@scanmeter/core";
import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";

export const trpcCodeOf = {
  insufficient_credits: "PAYMENT_REQUIRED",
  account_not_found: "NOT_FOUND",
  idempotency_key_reused: "CONFLICT",
  invalid_expiry: "BAD_REQUEST",
  invalid_quantity: "BAD_REQUEST",
  target_not_found: "NOT_FOUND",
  target_exists: "CONFLICT",
  too_many: "TOO_MANY_REQUESTS",
  runner_key_not_found: "NOT_FOUND",
  scan_not_found: "NOT_FOUND",
  scan_already_ended: "CONFLICT",
  scan_not_paused: "CONFLICT",
  scan_paused_by_user: "CONFLICT",
  forbidden: "FORBIDDEN",
  payments_off: "PRECONDITION_FAILED",
  gateway_unavailable: "SERVICE_UNAVAILABLE",
  checkout_not_found: "NOT_FOUND",
  checkout_closed: "CONFLICT",
  quote_changed: "CONFLICT",
  billing_required: "PRECONDITION_FAILED",
  payment_method_required: "PRECONDITION_FAILED",
  payment_method_not_found: "NOT_FOUND",
  card_not_saved: "PAYMENT_REQUIRED",
  payment_in_progress: "CONFLICT",
  purchase_closed: "CONFLICT",
  top_up_not_found: "NOT_FOUND",
  not_refundable: "PRECONDITION_FAILED",
  invalid_auto_top_up: "BAD_REQUEST",
  settings_changed: "CONFLICT",
  account_changed: "CONFLICT",
  member_not_found: "NOT_FOUND",
  last_owner: "CONFLICT",
  already_a_member: "CONFLICT",
  invitation_not_found: "NOT_FOUND",
  invitation_for_another: "FORBIDDEN",
  unknown_time_zone: "BAD_REQUEST",
  currency_not_sold: "BAD_REQUEST",
  currency_in_use: "CONFLICT",
} as const satisfies Record<RefusalCode, TRPC_ERROR_CODE_KEY>;

type Sentences = {
  readonly [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>) => string;
};

const notRefundableBecause = {
  not_paid: "This purchase was not paid, so there is nothing to refund.",
  disputed:
    "The bank is deciding a dispute about this payment; nothing can be refunded until then.",
  nothing_left: "Nothing of this purchase is left to refund.",
  too_much: "That is more than can be refunded of this purchase.",
} as const;

const invalidAutoTopUp = ({ field, min, max }: Extract<Refusal, { field: string }>) => {
  switch (field) {
    case "quantity":
      return `Buy a whole number of credits from ${min} to ${max} at a time.`;
    case "triggers":
      return "Choose at least one reason to buy: out of credits, or before expiry.";
    case "threshold":
      return `The threshold is a whole number of credits from ${min} to ${max}.`;
    case "monthlyLimitMinor":
      return "The monthly limit is a whole amount that covers at least one purchase.";
  }
};

const sentences: Sentences = {
  insufficient_credits: ({ required, available }) =>
    `This needs ${required} ${required === 1 ? "credit" : "credits"} and ${available} are available.`,
  account_not_found: () => "There is no such account.",
  idempotency_key_reused: () =>
    "This idempotency key was already used for something else; use a new key for a new command.",
  invalid_expiry: () => "The expiry must lie in the future.",
  invalid_quantity: ({ min, max }) => `Buy a whole number of credits from ${min} to ${max}.`,
  target_not_found: () => "There is no such target.",
  target_exists: ({ url }) => `There already is a target for ${url}.`,
  too_many: ({ what, max }) => `There can be at most ${max} ${what}.`,
  runner_key_not_found: () => "There is no such runner key.",
  scan_not_found: () => "There is no such scan.",
  scan_already_ended: ({ state }) => `This scan has already ended (${state}).`,
  scan_not_paused: () => "This scan is not paused.",
  scan_paused_by_user: () => "A person paused this scan; it continues when they say so.",
  forbidden: ({ role }) => `The role ${role} may not do this; ask an owner of the account.`,
  payments_off: () => "Buying is switched off here; credits come from the operator.",
  gateway_unavailable: () =>
    "The payment provider did not answer. Nothing was charged; try again in a moment.",
  checkout_not_found: () => "There is no such checkout.",
  checkout_closed: ({ status }) => `This checkout is ${status}; start a new one to buy more.`,
  quote_changed: () => "The price has changed since it was shown. Look at it again, then pay.",
  billing_required: () => "Billing details are needed first.",
  payment_method_required: () => "Choose a card or add one first.",
  payment_method_not_found: () => "There is no such payment method.",
  card_not_saved: () => "The bank did not accept this card, so it was not saved. Try another one.",
  payment_in_progress: () =>
    "A payment is under way. Wait until it is decided; nothing is charged twice.",
  purchase_closed: ({ state }) => `This purchase is ${state}; start a new one.`,
  top_up_not_found: () => "There is no such purchase.",
  not_refundable: ({ reason }) => notRefundableBecause[reason],
  invalid_auto_top_up: invalidAutoTopUp,
  settings_changed: () => "Somebody else changed these settings. Look at them again, then save.",
  account_changed: () => "This session acts for another account now, so nothing was changed.",
  member_not_found: () => "There is no such member.",
  last_owner: () =>
    "This is the only owner, and an account always has one. Make somebody else an owner first.",
  already_a_member: ({ email }) => `${email} already is a member of this account.`,
  invitation_not_found: () =>
    "This invitation cannot be accepted: it was used or withdrawn, or it has expired. Ask for a new one.",
  invitation_for_another: ({ email }) =>
    `This invitation was sent to ${email}. Sign in with that address to accept it.`,
  unknown_time_zone: () => "There is no such time zone.",
  currency_not_sold: ({ sold }) => `Credits are sold in ${sold} only.`,
  currency_in_use: ({ currency }) =>
    `Credits were bought in ${currency}, so the currency stays what it is.`,
};

export class RefusedCommand extends Error {
  override readonly name = "RefusedCommand";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

export function refusedError(refusal: Refusal): TRPCError {
  const sentence = sentences[refusal.code] as (refusal: Refusal) => string;
  return new TRPCError({
    code: trpcCodeOf[refusal.code],
    message: sentence(refusal),
    cause: new RefusedCommand(refusal),
  });
}

/** The value of an accepted command; a refusal leaves as the error it becomes here. */
export function acceptedOf<Value>(outcome: Outcome<Value, Refusal>): Value {
  if (!outcome.ok) throw refusedError(outcome.refusal);
  return outcome.value;
}
