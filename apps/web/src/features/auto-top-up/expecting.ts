import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";

type Standing = Pick<
  AutoTopUpView,
  "status" | "reason" | "until" | "triggers" | "threshold" | "nextRenewalAt"
>;

/**
 * Whether something is about to happen that the live line may not tell of: it tells of changes of the
 * balance, and a purchase that begins, is declined or waits for the bank is none.
 */
export function isExpecting(view: Standing, available: number | null, now: number): boolean {
  const isDue = (at: string | null) => at !== null && Date.parse(at) <= now;
  if (isDue(view.until)) return true;
  if (view.status !== "active") return false;
  if (view.reason !== null) return view.reason === "purchase_in_flight";
  const isOut = available !== null && available <= view.threshold;
  return (view.triggers.outOfCredits && isOut) || isDue(view.nextRenewalAt);
}
