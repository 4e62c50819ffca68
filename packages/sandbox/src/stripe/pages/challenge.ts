/** The bank's page: the customer confirms, refuses, or walks away and leaves everything as it is. */
import { type Challenge, closeChallenge } from "../resources/challenges.ts";
import { type CheckoutSession, completeSession } from "../resources/checkout-sessions.ts";
import { answerPaymentChallenge } from "../resources/payment-attempt.ts";
import type { PaymentIntent } from "../resources/payment-intents.ts";
import {
  answerSetupChallenge,
  type SetupIntent,
  type SetupIntentFacts,
} from "../resources/setup-intents.ts";
import { get, type World } from "../world.ts";
import { html } from "./html.ts";
import { moneyText, page, redirect } from "./layout.ts";

export interface ChallengePages {
  readonly world: World;
  readonly wire: (text: string) => string;
}

export type ChallengeAnswer = "approve" | "fail" | "close";

export function showChallenge({ world, wire }: ChallengePages, id: string): Response {
  const { businessName } = world;
  const challenge = world.store.find<Challenge>("challenge", id);
  if (challenge === undefined) return unknown(businessName);
  const intent = intentOf(world, challenge);
  if (!isWaiting(world, challenge)) return backFrom({ world, wire }, challenge);
  const body = html`<p>${
    isPayment(intent)
      ? html`<span class="amount">${moneyText(intent.amount, intent.currency)}</span>`
      : html`Your bank wants to know that it is you who saves this card.`
  }</p>
<p class="quiet">This page plays the part of your bank. Choose what it answers.</p>
<form method="post" action="/authenticate/${id}"><div class="actions">
<button name="answer" value="approve">Approve</button>
<button class="second" name="answer" value="fail">Fail</button>
<button class="second" name="answer" value="close">Close</button></div></form>`;
  const title = isPayment(intent) ? "Confirm this payment" : "Confirm this card";
  const leadsTo = challenge.returnUrl === null ? [] : [finalAddress(world, challenge, wire)];
  return page({ title, businessName, body, leadsTo });
}

export function answerChallenge(
  pages: ChallengePages,
  id: string,
  answer: ChallengeAnswer,
): Response {
  const { world } = pages;
  const challenge = world.store.find<Challenge>("challenge", id);
  if (challenge === undefined) return unknown(world.businessName);
  if (answer === "close" && isWaiting(world, challenge)) return closed(pages, challenge);
  settleChallenge(world, challenge, answer === "approve");
  return backFrom(pages, challenge);
}

/** Answering twice, or after the attempt was given up, changes nothing. */
export function settleChallenge(world: World, challenge: Challenge, isPassed: boolean): void {
  if (!challenge.isOpen) return;
  const intent = intentOf(world, challenge);
  const answer = { challenge: challenge.id, isPassed };
  if (isPayment(intent)) {
    answerPaymentChallenge(world, { ...answer, intent });
    return;
  }
  const answered = answerSetupChallenge(world, { ...answer, intent });
  const { session } = world.store.facts<SetupIntentFacts>(intent.id);
  if (session !== null && answered.status === "succeeded")
    completeSession(world, get<CheckoutSession>(world, "checkout.session", session));
  closeChallenge(world, challenge.id);
}

function backFrom({ world, wire }: ChallengePages, challenge: Challenge): Response {
  const intent = intentOf(world, challenge);
  if (challenge.returnUrl === null) {
    const body = html`<p>The status is now “${intent.status.replaceAll("_", " ")}”. You can close this window.</p>`;
    return page({ title: "Answered", businessName: world.businessName, body });
  }
  const back = new URL(wire(challenge.returnUrl));
  // Our own page asks us, not the address.
  if (challenge.returnUrl !== wire(challenge.returnUrl)) return redirect(back.href);
  const kind = isPayment(intent) ? "payment_intent" : "setup_intent";
  back.searchParams.set(kind, intent.id);
  back.searchParams.set(`${kind}_client_secret`, String(intent.client_secret));
  back.searchParams.set("redirect_status", intent.status === "succeeded" ? "succeeded" : "failed");
  return redirect(back.href);
}

function closed({ world }: ChallengePages, challenge: Challenge): Response {
  const body = html`<p>Nothing was decided; it still waits for an answer.</p>
<div class="actions"><a class="button" href="/authenticate/${challenge.id}">Back to the question</a></div>`;
  return page({ title: "Closed without an answer", businessName: world.businessName, body });
}

function unknown(businessName: string): Response {
  const body = html`<p>The link is wrong or incomplete.</p>`;
  return page({ title: "There is no such page", businessName, body, status: 404 });
}

function isWaiting(world: World, challenge: Challenge): boolean {
  const { challenge: current } = world.store.facts<{ challenge: string | null }>(challenge.intent);
  const { status } = intentOf(world, challenge);
  return challenge.isOpen && current === challenge.id && status === "requires_action";
}

function intentOf(world: World, { intent: id }: Challenge): PaymentIntent | SetupIntent {
  const payment = world.store.find<PaymentIntent>("payment_intent", id);
  return payment ?? get<SetupIntent>(world, "setup_intent", id);
}

function isPayment(intent: PaymentIntent | SetupIntent): intent is PaymentIntent {
  return intent.object === "payment_intent";
}

/** Back to our own page leads on to the shop, and the policy looks at the end of the way. */
function finalAddress(world: World, challenge: Challenge, wire: (text: string) => string): string {
  const { session = null } = world.store.facts<Partial<SetupIntentFacts>>(challenge.intent);
  if (session === null) return wire(challenge.returnUrl ?? "");
  return get<CheckoutSession>(world, "checkout.session", session).success_url;
}
