/** What an account is told when an automatic purchase moves, in the commit that stores the move. */
import { suspensionAfter } from "../auto-top-up/suspension.ts";
import { askedCustomerAt, payableUntil, retryAt } from "../purchase/retries.ts";
import type { Receipt } from "../purchase/settle.ts";
import { isUnderWay, type TopUp } from "../purchase/top-up.ts";
import type { Instant } from "../units.ts";
import type { Due, Notice, Purchase } from "./notice.ts";

export interface TopUpMove {
  readonly before: TopUp;
  readonly after: TopUp;
  /** What it did, when this move made it paid. */
  readonly receipt: Receipt | null;
  readonly at: Instant;
}

/** Nothing for a purchase by hand: who makes one looks on. */
export function noticesOfMove(move: TopUpMove): Notice[] {
  const { after, at } = move;
  const { id: topUpId, accountId, trigger, quote } = after;
  if (trigger === "manual") return [];
  const { quantity, totalMinor, currency } = quote;
  const purchase = { topUpId, trigger, quantity, totalMinor, currency };
  return [
    done(move, purchase),
    declined(move, purchase),
    failed(move, purchase),
    asks(move, purchase),
  ]
    .filter((due) => due !== null)
    .map(([key, told]) => ({ key, accountId, at, ...told }));
}

function done({ before, after, receipt }: TopUpMove, purchase: Purchase): Due | null {
  if (after.state !== "paid" || before.state === "paid" || receipt === null) return null;
  const { paidAt, newExpiresAt, debtRepaid, lots } = receipt;
  const data = {
    ...purchase,
    paidAt,
    newExpiresAt,
    debtRepaid,
    lots: lots.map(({ lotId: _, ...moved }) => moved),
  };
  return [`done-${after.id}`, { kind: "top_up_done", data }];
}

const triesOf = ({ attempts }: TopUp) =>
  attempts.filter(({ action }) => action === "confirm").length;

/** Each try is an event of its own. */
function declined({ before, after }: TopUpMove, purchase: Purchase): Due | null {
  const nextTryAt = after.state === "retry_wait" ? retryAt(after) : null;
  if (nextTryAt === null || before.state === "retry_wait") return null;
  const data = { ...purchase, failure: failureOf(after), nextTryAt };
  return [`declined-${after.id}-${triesOf(after)}`, { kind: "top_up_declined", data }];
}

/**
 * Once it is known that nothing was charged: with the last no of the bank, or, when nobody answered,
 * not before the payment is cancelled.
 */
function failed({ before, after }: TopUpMove, purchase: Purchase): Due | null {
  if (!isGivenUp(after) || isGivenUp(before)) return null;
  const expiresAt = after.trigger === "before_expiry" ? after.openUntil : null;
  const data = {
    ...purchase,
    failure: failureOf(after),
    expiresAt,
    suspended: suspensionAfter(after),
  };
  return [`failed-${after.id}`, { kind: "top_up_failed", data }];
}

function isGivenUp(topUp: TopUp): boolean {
  const isRefused = topUp.closing?.as === "failed" && suspensionAfter(topUp) !== null;
  return topUp.state === "failed" || isRefused;
}

function asks({ before, after }: TopUpMove, purchase: Purchase): Due | null {
  const isNew = askedCustomerAt(after) !== null && askedCustomerAt(before) === null;
  if (!isNew || !isUnderWay(after)) return null;
  const data = { ...purchase, until: payableUntil(after) };
  return [`confirm-${after.id}`, { kind: "top_up_needs_authentication", data }];
}

function failureOf({ failure }: TopUp) {
  return failure && { code: failure.code, declineCode: failure.declineCode };
}
