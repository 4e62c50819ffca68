/**
 * How much of a purchase we give back when somebody asks: its unspent credits, at the price that was
 * paid per credit. What the gateway refunds without asking us is not decided here.
 */
import type { Lot } from "../ledger/lot.ts";
import { isSpendableAt } from "../ledger/lot.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import { type Currency, type Minor, minor, shareHalfUp } from "../pricing/money.ts";
import type { NotRefundable } from "../refusals.ts";
import { type Credits, type Instant, NO_CREDITS, smaller, subtract } from "../units.ts";
import {
  creditsFor,
  hasLeft,
  type PurchaseMoney,
  reversalTarget,
  standingOf,
} from "./reversal-target.ts";

export interface RefundSize {
  readonly credits: Credits;
  readonly amountMinor: Minor;
}

export interface RefundWanted {
  /** Null for the price of the credits. */
  readonly amountMinor: Minor | null;
  /** Null for what the amount stands for, or, without an amount, for everything that is left. */
  readonly credits: Credits | null;
}

/** The unspent credits of the purchase's own lot, and what was paid for them. */
export function refundableOf(purchase: PurchaseMoney, lot: Lot | null, at: Instant): RefundSize {
  const unspent = lot !== null && isSpendableAt(lot, at) ? lot.remaining : NO_CREDITS;
  const notReversed = subtract(purchase.quantity, reversalTarget(purchase));
  const refundable = smaller(unspent, notReversed);
  return { credits: refundable, amountMinor: priceOfNext(purchase, refundable) };
}

export interface RefundFactsNow {
  /** Null when it was never paid. */
  readonly purchase: PurchaseMoney | null;
  readonly currency: Currency;
  /** The lot it granted, as far as anything is left of it. */
  readonly lot: Lot | null;
  readonly at: Instant;
}

export function decideRefund(
  { purchase, currency, lot, at }: RefundFactsNow,
  wanted: RefundWanted,
): Outcome<RefundSize, NotRefundable> {
  const no = (reason: NotRefundable["reason"], most: RefundSize) =>
    refuse({
      code: "not_refundable",
      reason,
      refundableCredits: most.credits,
      refundableMinor: most.amountMinor,
      currency,
    } as const);
  const nothing: RefundSize = { credits: NO_CREDITS, amountMinor: minor(0) };
  if (purchase === null) return no("not_paid", nothing);
  if (purchase.disputes.some((dispute) => standingOf(dispute) === "open")) {
    return no("disputed", nothing);
  }
  const most = refundableOf(purchase, lot, at);
  if (most.amountMinor === 0) return no("nothing_left", most);
  const size = sizeOf(purchase, most, wanted);
  if (size.credits > most.credits || size.amountMinor > most.amountMinor || size.amountMinor === 0)
    return no("too_much", most);
  return accept(size);
}

function sizeOf(purchase: PurchaseMoney, most: RefundSize, wanted: RefundWanted): RefundSize {
  const { amountMinor } = wanted;
  if (amountMinor === null) {
    const wantedCredits = wanted.credits ?? most.credits;
    return wantedCredits >= most.credits
      ? { credits: wantedCredits, amountMinor: most.amountMinor }
      : { credits: wantedCredits, amountMinor: priceOfNext(purchase, wantedCredits) };
  }
  const isEverything = amountMinor === most.amountMinor;
  const worth = isEverything
    ? most.credits
    : smaller(creditsFor(purchase, amountMinor), most.credits);
  return { credits: wanted.credits ?? worth, amountMinor };
}

/**
 * What was paid for the next credits to be refunded. Counted from those that are gone already, so that
 * the parts of a price that does not divide add up to the whole; never more than is left of the money.
 */
function priceOfNext(purchase: PurchaseMoney, count: Credits): Minor {
  const { quantity, totalMinor, refunds, disputes } = purchase;
  const gone = reversalTarget(purchase);
  const priceUpTo = (part: number) =>
    shareHalfUp(totalMinor, { part: Math.min(part, quantity), whole: quantity });
  const moneyGone = [
    ...refunds.filter(hasLeft),
    ...disputes.filter((dispute) => standingOf(dispute) === "lost"),
  ].reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const moneyLeft = Math.max(0, totalMinor - moneyGone);
  return minor(Math.min(moneyLeft, priceUpTo(gone + count) - priceUpTo(gone)));
}

/** The credits a part of the price stands for; for documents about money that others gave back. */
export function creditsOfRefund(
  purchase: PurchaseMoney,
  refund: { readonly amountMinor: Minor; readonly credits: Credits | null },
): Credits {
  return refund.credits ?? creditsFor(purchase, refund.amountMinor);
}
