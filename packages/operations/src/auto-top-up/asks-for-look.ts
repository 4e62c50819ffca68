import type { Journal } from "@scanmeter/core";

/**
 * Whether somebody should look at an account after what was booked: to buy credits, to arm a renewal
 * for another date, or to tell the customer. An hour that leaves enough asks for nothing, because
 * hours are nearly all that is ever booked.
 */
export function asksForLook({ account, postings }: Journal): boolean {
  const enoughAbove = Math.max(account.lowBalance, account.topUpAt ?? 0);
  return postings.some(({ kind, reason, balanceAfter }) => {
    switch (kind) {
      case "debit":
      case "return":
        return balanceAfter <= enoughAbove;
      case "scan_paused":
        return reason === "credits";
      case "scan_started":
      case "scan_resumed":
      case "scan_ended":
        return false;
      default:
        return true;
    }
  });
}
