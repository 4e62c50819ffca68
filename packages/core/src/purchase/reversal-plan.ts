/**
 * What has to happen to credits so that they agree again with what became of a purchase's money: the
 * one answer to a refund, a dispute, and the end of either. It looks at everything that was done
 * about the purchase so far and plans the difference, so asking twice plans nothing twice.
 */
import type { LotId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import type { Draw } from "../ledger/draw.ts";
import type { Lot } from "../ledger/lot.ts";
import { type Credits, type Instant, smaller, subtract, total } from "../units.ts";
import { type Move, ReversalDesk, type Taken } from "./reversal-desk.ts";
import { creditsFor, type PurchaseMoney, reversalTarget, standingOf } from "./reversal-target.ts";

/** What was frozen for one dispute, lot by lot. It ends whole: given back when won, taken when lost. */
export interface Hold {
  readonly disputeId: string;
  readonly draws: readonly Draw[];
}

/** What was done about a purchase so far; stored with it. */
export interface Reversed {
  /** The lot the purchase granted. */
  readonly lotId: LotId;
  /** How many postings there were; it numbers the next one's key. */
  readonly postings: number;
  /** In the order in which they were taken. */
  readonly taken: readonly Taken[];
  readonly holds: readonly Hold[];
}

export interface ReversalPlan {
  /** In the order in which they are to be booked, all in one posting; none when nothing has to move. */
  readonly moves: readonly Move[];
  readonly reversed: Reversed;
}

export interface ReversalFacts {
  readonly purchase: PurchaseMoney;
  readonly reversed: Reversed;
  readonly lots: Iterable<Lot>;
  readonly debt: Credits;
  readonly at: Instant;
}

export function planReversal({ purchase, reversed, lots, debt, at }: ReversalFacts): ReversalPlan {
  const desk = new ReversalDesk(lots, debt, at, reversed.lotId);
  const target = reversalTarget(purchase);
  const kept = releaseHolds(desk, purchase, reversed.holds, subtract(purchase.quantity, target));
  const taken = takeOrGiveBack(desk, reversed.taken, target);
  const holds = freezeForNewDisputes(desk, purchase, kept, subtract(purchase.quantity, target));
  const { moves } = desk;
  const postings = reversed.postings + (moves.length > 0 ? 1 : 0);
  return { moves, reversed: { lotId: reversed.lotId, postings, taken, holds } };
}

/** Ends the holds of disputes that are decided, and shrinks the others to what is left of the purchase. */
function releaseHolds(
  desk: ReversalDesk,
  { disputes }: PurchaseMoney,
  holds: readonly Hold[],
  room: Credits,
): Hold[] {
  const isDecided = ({ disputeId }: Hold) =>
    disputes.some((dispute) => dispute.id === disputeId && standingOf(dispute) !== "open");
  for (const hold of holds.filter(isDecided)) for (const draw of hold.draws) desk.release(draw);

  let left = room;
  return holds
    .filter((hold) => !isDecided(hold))
    .map(({ disputeId, draws }) => {
      const keptDraws: Draw[] = [];
      for (const { lotId, amount } of draws) {
        const keep = smaller(amount, left);
        left = subtract(left, keep);
        if (keep > 0) keptDraws.push({ lotId, amount: keep });
        if (keep < amount) desk.release({ lotId, amount: subtract(amount, keep) });
      }
      return { disputeId, draws: keptDraws };
    });
}

function takeOrGiveBack(desk: ReversalDesk, before: readonly Taken[], target: Credits): Taken[] {
  const already = total(before.map(({ amount }) => amount));
  if (target >= already) return [...before, ...desk.take(subtract(target, already))];
  // What was taken last goes back first, so that the rest is as if that had never happened.
  const taken = [...before];
  let owed = subtract(already, target);
  while (owed > 0) {
    const last = taken.pop();
    invariant(last !== undefined, "no more is given back than was taken");
    const amount = smaller(last.amount, owed);
    desk.giveBack({ lotId: last.lotId, amount });
    if (amount < last.amount) taken.push({ ...last, amount: subtract(last.amount, amount) });
    owed = subtract(owed, amount);
  }
  return taken;
}

/**
 * A dispute freezes once, when it is first seen open, as many credits as its money stands for. What
 * is spent by then cannot be frozen; if the dispute is lost it becomes debt.
 */
function freezeForNewDisputes(
  desk: ReversalDesk,
  purchase: PurchaseMoney,
  kept: readonly Hold[],
  room: Credits,
): Hold[] {
  const holds = [...kept];
  for (const dispute of purchase.disputes) {
    const hasHold = holds.some(({ disputeId }) => disputeId === dispute.id);
    if (standingOf(dispute) !== "open" || hasHold) continue;
    const left = subtract(
      room,
      total(holds.flatMap(({ draws }) => draws.map((draw) => draw.amount))),
    );
    const amount = smaller(creditsFor(purchase, dispute.amountMinor), left);
    holds.push({ disputeId: dispute.id, draws: desk.freeze(amount) });
  }
  return holds;
}
