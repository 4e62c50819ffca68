import type { Journal, Posting } from "@scanmeter/core";

/**
 * Whether somebody should look at an account after what was booked: to buy credits, to arm a renewal
 * for another date, or to tell the customer. An hour that leaves enough asks for nothing, because
 * hours are nearly all that is ever booked; unless it takes a lot's last credit, and with it the
 * date that a renewal is armed for or a purchase is waiting to move.
 */
export function asksForLook(books: Journal): boolean {
  const { lowBalance, topUpAt } = books.account;
  const enoughAbove = Math.max(lowBalance, topUpAt ?? 0);
  return books.postings.some((posting) => {
    switch (posting.kind) {
      case "debit":
        return posting.balanceAfter <= enoughAbove || emptiesLot(books, posting);
      case "scan_paused":
        return posting.reason === "credits";
      case "scan_started":
      case "scan_resumed":
      case "scan_ended":
        return false;
      default:
        return true;
    }
  });
}

const emptiesLot = (books: Journal, { entries }: Posting) =>
  entries.some(({ lotId }) => lotId !== null && books.lot(lotId).remaining === 0);
