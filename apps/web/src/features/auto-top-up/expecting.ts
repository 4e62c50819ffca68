import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";

/**
 * Whether something is about to happen that the live line may not tell of: it tells of changes of the
 * balance, and a purchase that begins, is declined or waits for the bank is none.
 */
export function isExpecting(
  { status, reason, triggers, threshold }: AutoTopUpView,
  available: number | null,
): boolean {
  if (status !== "active") return false;
  if (reason === "purchase_in_flight") return true;
  return reason === null && triggers.outOfCredits && available !== null && available <= threshold;
}
