/** What follows from a move of an automatic purchase, stored with the move. */
import type { Instant } from "@scanmeter/core";
import {
  isLiftedBy,
  type Suspension,
  type SuspensionLift,
  suspensionAfter,
  worseOf,
} from "@scanmeter/core/auto-top-up";
import { noticesOfMove } from "@scanmeter/core/notices";
import {
  askedCustomerAt,
  declineVerdict,
  isAutomatic,
  isUnderWay,
  type TopUp,
} from "@scanmeter/core/purchase";
import { type AutoTopUpKnown, insertNotices, raiseAlert, type TopUpRow } from "@scanmeter/db";
import type { Draft } from "../writer.ts";

export interface Move {
  readonly before: TopUpRow;
  readonly after: TopUpRow;
  readonly known: AutoTopUpKnown | null;
  readonly at: Instant;
}

/** Suspends when the purchase says so, tells of a decline nobody knows, and has the account looked at. */
export function noteAutomaticMove(draft: Draft, { before, after, known, at }: Move): void {
  const { topUp } = after;
  // One by hand was in the way of others for as long as it was under way.
  const isOver = isUnderWay(before.topUp) && !isUnderWay(topUp);
  if (isAutomatic(topUp) || isOver) draft.askForLook();
  if (!isAutomatic(topUp)) return;
  draft.add(
    insertNotices(
      noticesOfMove({ before: before.topUp, after: topUp, receipt: after.receipt, at }),
    ),
  );
  const unknown = unknownDecline(before.topUp, topUp);
  if (unknown !== null) draft.add([raiseAlert(unknown, at)]);
  // It shows for as long as the purchase is ending; only its beginning is the news.
  const reason = suspensionAfter(before.topUp) === null ? suspensionAfter(topUp) : null;
  if (reason !== null) suspend(draft, known, { reason, since: at, topUpId: topUp.id });
}

export function suspend(draft: Draft, known: AutoTopUpKnown | null, next: Suspension): void {
  const row = known?.row ?? null;
  if (row === null) return;
  const suspension = worseOf(row.suspension, next);
  if (suspension === row.suspension) return;
  draft.putAutoTopUp({ ...row, suspension });
  // What waits ends with it, and the customer is told.
  draft.askForLook();
}

/** Answers whether there was a suspension that this ends. */
export function lift(draft: Draft, known: AutoTopUpKnown | null, by: SuspensionLift): boolean {
  const row = known?.row ?? null;
  if (row === null || row.suspension === null || !isLiftedBy(row.suspension, by)) return false;
  draft.putAutoTopUp({ ...row, suspension: null });
  draft.askForLook();
  return true;
}

/** A code that is not in our table is taken for final; somebody should see whether that is right. */
function unknownDecline(before: TopUp, topUp: TopUp) {
  const { id, accountId, failure, attempts } = topUp;
  const isNew = failure !== null && JSON.stringify(failure) !== JSON.stringify(before.failure);
  // What comes of the customer's own answer to their bank is theirs, not a worker's to judge.
  if (!isNew || askedCustomerAt(topUp) !== null) return null;
  if (declineVerdict(failure).isKnown || attempts.at(-1)?.state === "rejected") return null;
  const code = failure.declineCode ?? failure.code;
  return {
    key: `unknown-decline-${code}`,
    kind: "unknown_decline",
    accountId,
    text: `Purchase ${id} was declined with the unknown code ${code}, which is taken for final.`,
  };
}
