/**
 * How many credits of a purchase have to be gone, given all that happened to its money. Refunds and
 * disputes are one question, asked of the whole state of the payment each time: adding and
 * subtracting per event has gone wrong for everybody who tried.
 */
import { invariant } from "../invariant.ts";
import type { Minor } from "../pricing/money.ts";
import { shareHalfUp } from "../pricing/money.ts";
import { type Credits, credits } from "../units.ts";

export interface RefundFacts {
  readonly id: string;
  readonly amountMinor: Minor;
  readonly status: string;
  /** For a refund started here, the credits that were taken for it; rounding cannot change them later. */
  readonly credits: Credits | null;
}

export interface DisputeFacts {
  readonly id: string;
  readonly amountMinor: Minor;
  readonly status: string;
}

export interface PurchaseMoney {
  readonly quantity: Credits;
  readonly totalMinor: Minor;
  readonly refunds: readonly RefundFacts[];
  readonly disputes: readonly DisputeFacts[];
}

/**
 * What a dispute means for credits. `inquiry` moves no money; `open` has taken it for now; `lost` for
 * good; `over` has left or given it back.
 */
export type DisputeStanding = "inquiry" | "open" | "lost" | "over";

/** A status we have never heard of keeps the credits out of reach without taking them. */
export function standingOf({ status }: DisputeFacts): DisputeStanding {
  switch (status) {
    case "warning_needs_response":
    case "warning_under_review":
      return "inquiry";
    case "lost":
    case "prevented":
      return "lost";
    case "won":
    case "warning_closed":
      return "over";
    default:
      return "open";
  }
}

/** A pending refund counts: its money is on the way. A status we have never heard of counts, too. */
export function hasLeft({ status }: RefundFacts): boolean {
  return status !== "failed" && status !== "canceled";
}

/** How many of the purchase's credits an amount of its money stands for, half a credit rounded up. */
export function creditsFor(
  { quantity, totalMinor }: Pick<PurchaseMoney, "quantity" | "totalMinor">,
  amountMinor: number,
): Credits {
  invariant(totalMinor > 0, "a purchase cost something");
  const part = Math.min(totalMinor, amountMinor);
  return credits(shareHalfUp(quantity, { part, whole: totalMinor }));
}

/**
 * The credits that have to be gone: the share of the money that was refunded or lost, and for our own
 * refunds the credits they were started with. Never more than the purchase, and all of it once all
 * its money has left.
 */
export function reversalTarget(purchase: PurchaseMoney): Credits {
  const refunds = purchase.refunds.filter(hasLeft);
  const ours = refunds.filter((refund) => refund.credits !== null);
  const others = refunds.filter((refund) => refund.credits === null);
  const lost = purchase.disputes.filter((dispute) => standingOf(dispute) === "lost");

  const othersMoney = sum([...others, ...lost]);
  if (sum(ours) + othersMoney >= purchase.totalMinor) return purchase.quantity;
  const fixed = ours.reduce((total, refund) => total + (refund.credits ?? 0), 0);
  return credits(Math.min(purchase.quantity, fixed + creditsFor(purchase, othersMoney)));
}

function sum(moved: readonly { readonly amountMinor: Minor }[]): number {
  return moved.reduce((total, { amountMinor }) => total + amountMinor, 0);
}
