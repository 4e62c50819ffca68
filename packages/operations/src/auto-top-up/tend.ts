/** Automatic purchases under way, seen with what the customer wants by now. */
import { accept, invariant, type Outcome, type Refusal } from "@scanmeter/core";
import { lastLook } from "@scanmeter/core/auto-top-up";
import {
  isAutomatic,
  nextAutomaticStep,
  payableUntil,
  type TopUp,
  type TopUpEvent,
} from "@scanmeter/core/purchase";
import { type Database, type DefaultCard, listOpenTopUps, type TopUpRow } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { confirmOffSessionParams, paymentParams } from "../payments/gateway-params.ts";
import { type Decision, moveInBooks, type TopUpName } from "../payments/move-top-up.ts";
import { sendAttempt } from "../payments/send-attempt.ts";
import { autoTopUpFacts } from "./facts.ts";

/**
 * Begins what a worker begins by itself: looks once more whether it is wanted, and in the same commit
 * stores the call or lets the purchase end. Answers whether there is anything further to do now.
 */
export async function takeAutomaticStep(
  deps: PaymentDeps,
  name: TopUpName,
): Promise<Outcome<boolean, Refusal>> {
  const { accountId, topUpId } = name;
  const begun = await deps.writer.submit<{ row: TopUpRow; number: number | null } | null>({
    accountId,
    wants: { topUpId, autoTopUp: true },
    decide(books, known, draft) {
      const row = known.topUp;
      const step = row === null ? null : nextAutomaticStep(row.topUp);
      if (row === null || step === null || step.at > books.now) return accept(null);
      const decision = { books, known, draft };
      const card = known.autoTopUp?.card ?? null;
      const why = stopEvent(deps, decision, row.topUp);
      if (why !== null || card === null) {
        const ended = moveInBooks(decision, row, why ?? { type: "closing_wanted", as: "canceled" });
        return ended.ok ? accept({ row: ended.value, number: null }) : ended;
      }
      const isCreated = step.do === "confirm_payment";
      const stored = moveInBooks(
        decision,
        row,
        {
          type: "attempt_stored",
          action: isCreated ? "confirm" : "create",
          params: isCreated
            ? confirmOffSessionParams({ paymentMethodId: card.id })
            : paymentParams(row.topUp),
        },
        { card: { brand: card.brand, last4: card.last4 } },
      );
      if (!stored.ok) return stored;
      return accept({ row: stored.value, number: stored.value.topUp.attempts.length });
    },
  });
  if (!begun.ok) return begun;
  if (begun.value === null) return accept(false);
  const { row, number } = begun.value;
  if (number === null) return accept(true);
  const sent = await sendAttempt(deps, name, row, number);
  return sent.ok ? accept(true) : sent;
}

/** How a purchase ends that is not wanted any more; null while it is. */
function stopEvent(
  { payments }: PaymentDeps,
  { books, known }: Decision,
  topUp: TopUp,
): TopUpEvent | null {
  invariant(known.autoTopUp !== null, "what an account asked for is read with its purchase");
  const facts = autoTopUpFacts(payments, books, known.autoTopUp);
  const look = lastLook(facts, topUp, books.now);
  return look.do === "stop" ? { type: "closing_wanted", as: look.as } : null;
}

/** The automatic purchase that is under way; there is at most one. */
export async function findOpenAutomatic(db: Database, accountId: string): Promise<TopUpRow | null> {
  const open = await listOpenTopUps(db, accountId);
  return open.find(({ topUp }) => isAutomatic(topUp)) ?? null;
}

/**
 * One that waits, for its next try or for the customer, need not wait for what has changed meanwhile:
 * it ends as soon as it is not wanted, and another card is tried at once.
 */
export function tendWaiting(deps: PaymentDeps, decision: Decision): Outcome<unknown, Refusal> {
  const { books, known } = decision;
  const row = known.topUp;
  // Whose time is over ends by itself, and its end says why.
  if (row === null || !isWaiting(row.topUp) || books.now >= payableUntil(row.topUp)) {
    return accept(null);
  }
  const event =
    stopEvent(deps, decision, row.topUp) ?? cardEvent(row.topUp, known.autoTopUp?.card ?? null);
  return event === null ? accept(null) : moveInBooks(decision, row, event);
}

function isWaiting({ state, closing }: TopUp): boolean {
  return closing === null && (state === "retry_wait" || state === "action_required");
}

/** What the bank asked about one card is no question of another, so that purchase begins anew. */
function cardEvent(topUp: TopUp, card: DefaultCard | null): TopUpEvent | null {
  const tried = topUp.attempts.findLast(({ action }) => action === "confirm");
  if (tried === undefined || card === null || card.since <= tried.firstSentAt) return null;
  return topUp.state === "retry_wait"
    ? { type: "retry_wanted" }
    : { type: "closing_wanted", as: "canceled" };
}
