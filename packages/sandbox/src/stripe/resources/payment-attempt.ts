/** Trying to take the money: the card's verdict, and what follows from it for the intent, the charge and the card. */
import { type ApiError, cardError, invalidRequest } from "../api/errors.ts";
import { exclusive, type Parsed } from "../api/params.ts";
import type { Decline } from "../cards/declines.ts";
import { declines } from "../cards/declines.ts";
import { judgeCharge, type Verdict } from "../cards/verdict.ts";
import { isAllowed, statusAfter } from "../intents/payment-intent-state.ts";
import type { World } from "../world.ts";
import { closeChallenge, nextActionFor, openChallenge } from "./challenges.ts";
import { type Charge, newCharge } from "./charges.ts";
import { refuseForeign } from "./payment-intent-checks.ts";
import type { confirmShape, PaymentIntent, PaymentIntentFacts } from "./payment-intent-shape.ts";
import {
  attach,
  cardOf,
  findOrMint,
  type PaymentMethod,
  type PaymentMethodFacts,
  remember,
} from "./payment-methods.ts";

type Confirmation = Parsed<typeof confirmShape>;

export function confirm(world: World, intent: PaymentIntent, params: Confirmation): PaymentIntent {
  const usage = params.payment_method_options?.card?.stored_credential_usage;
  const setupFutureUsage = params.setup_future_usage ?? intent.setup_future_usage;
  if (usage !== undefined && setupFutureUsage !== null)
    throw exclusive("payment_method_options[card][stored_credential_usage]", "setup_future_usage");
  const id = params.payment_method ?? intent.payment_method;
  if (id === null)
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.",
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  const method = findOrMint(world, id);
  refuseForeign(world, intent, method);

  const facts = world.store.facts<PaymentIntentFacts>(intent.id);
  const confirmations = facts.confirmations + 1;
  const { store } = world;
  store.saveFacts(intent.id, { confirmations, challenge: null, storedCredentialUsage: usage });
  intent.payment_method = method.id;
  intent.setup_future_usage = setupFutureUsage;
  intent.receipt_email = params.receipt_email ?? intent.receipt_email;
  intent.last_payment_error = null;
  intent.next_action = null;
  intent.payment_method_options.card = {
    ...intent.payment_method_options.card,
    ...params.payment_method_options?.card,
  };

  const isOffSession = params.off_session !== undefined && params.off_session !== false;
  const verdict = judge(world, method, { isOffSession, isAuthenticated: false });
  if (verdict.kind === "needs_authentication" && params.error_on_requires_action !== true)
    return waitForCustomer(world, intent, params.return_url);
  const outcome = settle(world, { intent, method, verdict, isAuthenticated: false });
  if (outcome.error !== null) throw outcome.error;
  return outcome.intent;
}

/** The customer answered on the bank's page. Only the page of the newest attempt counts. */
export function answerPaymentChallenge(
  world: World,
  { intent, challenge, isPassed }: { intent: PaymentIntent; challenge: string; isPassed: boolean },
): PaymentIntent {
  const facts = world.store.facts<PaymentIntentFacts>(intent.id);
  const isCurrent = facts.challenge === challenge && isAllowed(intent.status, "authenticate");
  if (!isCurrent || intent.payment_method === null) return intent;
  closeChallenge(world, challenge);
  world.store.saveFacts(intent.id, { ...facts, challenge: null });
  intent.next_action = null;
  const method = findOrMint(world, intent.payment_method);
  if (!isPassed) return failAuthentication(world, intent, method);
  const verdict = judge(world, method, { isOffSession: false, isAuthenticated: true });
  return settle(world, { intent, method, verdict, isAuthenticated: true }).intent;
}

/** Money that moves although nobody asks any more: the late success a real network can bring. */
export function succeedAnyway(world: World, intent: PaymentIntent, card: string): PaymentIntent {
  const method = findOrMint(world, intent.payment_method ?? card);
  intent.payment_method = method.id;
  intent.canceled_at = null;
  intent.cancellation_reason = null;
  intent.next_action = null;
  const verdict = { kind: "approved" } as const;
  return settle(world, { intent, method, verdict, isAuthenticated: false }).intent;
}

function judge(
  world: World,
  method: PaymentMethod,
  situation: { isOffSession: boolean; isAuthenticated: boolean },
): Verdict {
  const { isSetUp = false, nextCharges = [] } = world.store.facts<PaymentMethodFacts>(method.id);
  const [forced, ...rest] = nextCharges;
  if (forced !== undefined) remember(world, method.id, { nextCharges: rest });
  return judgeCharge(cardOf(world, method), { ...situation, isSetUp }, forced);
}

function waitForCustomer(world: World, intent: PaymentIntent, returnUrl: string | undefined) {
  const challenge = openChallenge(world, { intent: intent.id, returnUrl: returnUrl ?? null });
  const facts = world.store.facts<PaymentIntentFacts>(intent.id);
  world.store.saveFacts(intent.id, { ...facts, challenge: challenge.id });
  intent.status = "requires_action";
  intent.next_action = nextActionFor(challenge);
  world.store.save(intent);
  world.emit("payment_intent.requires_action", intent);
  return intent;
}

interface Settlement {
  readonly intent: PaymentIntent;
  readonly method: PaymentMethod;
  readonly verdict: Verdict;
  readonly isAuthenticated: boolean;
}

function settle(world: World, { intent, method, verdict, isAuthenticated }: Settlement) {
  const { confirmations, storedCredentialUsage } = world.store.facts<PaymentIntentFacts>(intent.id);
  const decline = declineOf(verdict);
  const card = { isAuthenticated, storedCredentialUsage };
  const charge = newCharge(world, { intent, method, decline, ...card });
  intent.latest_charge = charge.id;
  if (decline === null) {
    takeMoney(world, { intent, method, charge, isAuthenticated });
    return { intent, error: null };
  }
  intent.status = statusAfter({ kind: "declined", decline }, confirmations);
  const { isBlocked: _, ...told } = decline;
  return {
    intent,
    error: refuse(world, { intent, method, error: { ...told, charge: charge.id } }),
  };
}

function takeMoney(
  world: World,
  paid: { intent: PaymentIntent; method: PaymentMethod; charge: Charge; isAuthenticated: boolean },
): void {
  const { intent, method, charge, isAuthenticated } = paid;
  intent.status = "succeeded";
  intent.amount_received = intent.amount;
  intent.last_payment_error = null;
  world.store.save(intent);
  world.emit("payment_intent.succeeded", intent);
  if (intent.setup_future_usage !== null && intent.customer !== null) {
    attach(world, method, intent.customer);
    if (isAuthenticated) remember(world, method.id, { isSetUp: true });
  } else if (method.customer === null) {
    remember(world, method.id, { isSpent: true });
  }
  scheduleConsequences(world, cardOf(world, method).afterPayment, charge.id);
}

function refuse(
  world: World,
  failed: { intent: PaymentIntent; method: PaymentMethod; error: Decline & { charge: string } },
): ApiError {
  const { intent, method } = failed;
  const error = { ...failed.error, payment_method: method };
  intent.last_payment_error = cardError(error).body.error;
  intent.payment_method = null;
  if (intent.status === "canceled") {
    intent.canceled_at = world.clock.seconds();
    intent.cancellation_reason = "automatic";
  }
  world.store.save(intent);
  world.emit("payment_intent.payment_failed", intent);
  if (intent.status === "canceled") world.emit("payment_intent.canceled", intent);
  return cardError({ ...error, payment_intent: intent });
}

function failAuthentication(world: World, intent: PaymentIntent, method: PaymentMethod) {
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  intent.last_payment_error = invalidRequest(
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { code: "payment_intent_authentication_failure", payment_method: method },
  ).body.error;
  world.store.save(intent);
  world.emit("payment_intent.payment_failed", intent);
  return intent;
}

function declineOf(verdict: Verdict): Decline | null {
  switch (verdict.kind) {
    case "approved":
      return null;
    case "declined":
      return verdict.decline;
    // The caller asked for an error instead of waiting for the customer.
    case "needs_authentication":
      return declines.authentication_required;
  }
}

function scheduleConsequences(
  world: World,
  consequence: ReturnType<typeof cardOf>["afterPayment"],
  charge: string,
): void {
  if (consequence === undefined) return;
  const dueAt = world.clock.now() + world.consequencesAfterMs;
  if (consequence.kind === "fraud_warning") {
    world.schedule({ kind: "warn_of_fraud", subject: charge, dueAt });
    return;
  }
  const isInquiry = consequence.kind === "inquiry" ? 1 : 0;
  const times = consequence.kind === "dispute" ? consequence.times : 1;
  const details = { reason: consequence.reason, isInquiry };
  for (let n = 0; n < times; n++)
    world.schedule({ kind: "open_dispute", subject: charge, dueAt, details });
}
