/**
 * A call to the payment gateway that may move money or stop it: stored with its key and parameters,
 * then sent, then stored again with what was answered. Killed anywhere in between, the row says that
 * the call may have happened, and the same call is sent again.
 */
import { accept, invariant, type Outcome, type Refusal } from "@scanmeter/core";
import type { Answer, AttemptAction, PaymentAttempt, TopUp } from "@scanmeter/core/purchase";
import { type CardLabel, raiseAlert, type TopUpRow } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { refreshTopUp, settlePayment } from "./learn-payment.ts";
import { moveTopUp, type TopUpName } from "./move-top-up.ts";

export interface NewAttempt {
  readonly action: AttemptAction;
  /** The exact parameters, in JSON. */
  readonly params: string;
  /** The card that is tried, for people. */
  readonly card?: CardLabel;
}

export async function storeAndSend(
  deps: PaymentDeps,
  name: TopUpName,
  { action, params, card }: NewAttempt,
): Promise<Outcome<TopUpRow, Refusal>> {
  const change = card === undefined ? {} : { card };
  const stored = await moveTopUp(deps, name, { type: "attempt_stored", action, params }, change);
  if (!stored.ok) return stored;
  return sendAttempt(deps, name, stored.value, stored.value.topUp.attempts.length);
}

/** Sends a stored call and lets the purchase learn the answer; a payment that succeeded is settled at once. */
export async function sendAttempt(
  deps: PaymentDeps,
  name: TopUpName,
  { topUp }: TopUpRow,
  number: number,
): Promise<Outcome<TopUpRow, Refusal>> {
  const attempt = topUp.attempts.find((one) => one.number === number);
  invariant(attempt !== undefined, "a call is stored before it is sent");
  const answer = await send(deps, topUp, attempt);
  if (answer.is === "rejected") await tellOfRejection(deps, topUp, attempt, answer.failure.code);
  // The answer to a confirmation is the payment itself, read a moment ago; the customer is waiting.
  if (answer.is === "intent" && answer.intent.status === "succeeded") {
    return settlePayment(deps, name, answer.intent);
  }
  const learned = await moveTopUp(deps, name, { type: "answered", number, answer });
  if (!learned.ok) return learned;
  const { paymentIntentId, readAt } = learned.value.topUp;
  if (paymentIntentId === null || readAt === null || readAt > deps.clock.now()) return learned;
  return accept((await refreshTopUp(deps, name, paymentIntentId)) ?? learned.value);
}

function send({ payments }: PaymentDeps, topUp: TopUp, attempt: PaymentAttempt): Promise<Answer> {
  const { gateway } = payments;
  const { key, params } = attempt;
  if (attempt.action === "create") return gateway.createPayment({ params, key });
  const { paymentIntentId } = topUp;
  invariant(paymentIntentId !== null, "only a payment that exists is confirmed or cancelled");
  return attempt.action === "confirm"
    ? gateway.confirmPayment({ paymentIntentId, params, key })
    : gateway.cancelPayment({ paymentIntentId, params, key });
}

/** The gateway would not carry out what we sent: a fault of ours or of our settings. */
async function tellOfRejection(
  deps: PaymentDeps,
  topUp: TopUp,
  attempt: PaymentAttempt,
  code: string,
): Promise<void> {
  const alert = {
    key: `rejected-${attempt.key}`,
    kind: "gateway_rejected",
    accountId: topUp.accountId,
    text: `The payment gateway rejected call ${attempt.key} for purchase ${topUp.id}: ${code}.`,
  };
  await deps.db.write([raiseAlert(alert, deps.clock.now())]);
}
