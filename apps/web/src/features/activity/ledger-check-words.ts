/** What a check of the ledger says, in one sentence. */
import type { LedgerCheckView } from "@scanmeter/contracts/activity";
import { formatCredits } from "../../format/credits.ts";
import { type Place, shortInstantWithSeconds } from "../../format/instants.ts";

export type CheckStanding = "none" | "under-way" | "whole" | "broken";

export function standingOf({ broken, checked, postings }: LedgerCheckView): CheckStanding {
  if (broken !== null) return "broken";
  if (checked < postings) return "under-way";
  return postings === 0 ? "none" : "whole";
}

export function checkInWords(check: LedgerCheckView, place: Place): string {
  const { broken, checked, postings, checkedAt } = check;
  const count = (number: number) => formatCredits(number, place.locale);
  switch (standingOf(check)) {
    case "none":
      return "Nothing is booked yet, so there is nothing to check.";
    case "under-way":
      return `Checking the ledger: ${count(checked)} of ${count(postings)} postings so far, all in order.`;
    case "whole": {
      const at = shortInstantWithSeconds(Date.parse(checkedAt), place);
      if (postings === 1) return `The only posting is as it was booked, checked ${at}.`;
      return `All ${count(postings)} postings are as they were booked, checked ${at}.`;
    }
    case "broken":
      return `The ledger is not in order: posting ${broken}. Whoever runs Scanmeter was told.`;
  }
}
