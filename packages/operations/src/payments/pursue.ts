/** What a worker does for a purchase when nobody calls: whatever core says is owed by now. */
import { accept, after, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { dueStep, nextAutomaticStep, type TopUpStep } from "@scanmeter/core/purchase";
import { findTopUp, putOffTopUp, type TopUpRow } from "@scanmeter/db";
import { takeAutomaticStep } from "../auto-top-up/tend.ts";
import type { PaymentDeps } from "../deps.ts";
import { cancelParams } from "./gateway-params.ts";
import { refreshTopUp } from "./learn-payment.ts";
import { moveTopUp, type TopUpName } from "./move-top-up.ts";
import { sendAttempt, storeAndSend } from "./send-attempt.ts";

/** Each step stores what it did, so a purchase has no more of them in a row than it has states. */
const STEPS_MAX = 10;

/** Whoever comes along before that finds the step still owed; only the sweep looks elsewhere first. */
const PUT_OFF_MS = 5 * 60_000;

export async function pursueTopUp(deps: PaymentDeps, name: TopUpName): Promise<void> {
  try {
    await takeSteps(deps, name);
  } catch (error) {
    // It would be the longest overdue of all for ever, and enough of its kind would be all a sweep sees.
    const at = deps.clock.now();
    await deps.db.write([putOffTopUp(name.topUpId, { at, until: after(at, PUT_OFF_MS) })]);
    throw error;
  }
}

async function takeSteps(deps: PaymentDeps, name: TopUpName): Promise<void> {
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const row = await findTopUp(deps.db, name.topUpId, name.accountId);
    if (row === null) return;
    const now = deps.clock.now();
    const begin = nextAutomaticStep(row.topUp);
    if (begin !== null && begin.at <= now) {
      const begun = await takeAutomaticStep(deps, name);
      if (!begun.ok || !begun.value) return;
      continue;
    }
    const step = dueStep(row.topUp, now);
    if (step === null) return;
    const done = await take(deps, name, row, step);
    if (!done.ok) return;
  }
}

async function take(
  deps: PaymentDeps,
  name: TopUpName,
  row: TopUpRow,
  step: TopUpStep,
): Promise<Outcome<unknown, Refusal>> {
  const { topUp } = row;
  switch (step.do) {
    case "read_payment":
      return readOrNote(deps, name, topUp.paymentIntentId);
    case "send_again": {
      const sent = await moveTopUp(deps, name, { type: "sent_again", number: step.number });
      return sent.ok ? sendAttempt(deps, name, sent.value, step.number) : sent;
    }
    case "cancel_payment":
      return storeAndSend(deps, name, {
        action: "cancel",
        params: cancelParams(topUp.closing?.as ?? "canceled"),
      });
    case "close":
      return moveTopUp(deps, name, { type: "closing_wanted", as: step.as });
    case "review":
      return moveTopUp(deps, name, { type: "review_wanted" });
  }
}

async function readOrNote(
  deps: PaymentDeps,
  name: TopUpName,
  paymentIntentId: string | null,
): Promise<Outcome<unknown, Refusal>> {
  if (paymentIntentId === null) return refuse({ code: "top_up_not_found", topUpId: name.topUpId });
  const read = await refreshTopUp(deps, name, paymentIntentId);
  return read === null ? moveTopUp(deps, name, { type: "reading_failed" }) : accept(read);
}
