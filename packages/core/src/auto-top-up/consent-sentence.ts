/**
 * The sentence a customer agrees to, made from the settings by the server and stored as it was shown.
 * It says what the card networks want said of payments without the customer: that they will happen,
 * when and how often, how the amount comes about and how to stop them
 * (docs.stripe.com/payments/save-and-reuse). A change of any word is a new version.
 */
import { creditsWords, moneyWords } from "../documents/words.ts";
import { settings } from "../settings.ts";
import type { Agreed, ConsentPrice } from "./consent.ts";
import { autoTopUpPolicy } from "./policy.ts";

export const consentTextVersion = "2026-1";

export interface ConsentTerms {
  readonly company: string;
  readonly agreed: Agreed;
  readonly price: ConsentPrice;
}

export function consentSentence({ company, agreed, price }: ConsentTerms): string {
  const { quantity, monthlyLimitMinor } = agreed;
  const total = moneyWords(price.totalMinor, price.currency);
  const today = price.totalMinor > price.netMinor ? `${total} including tax` : total;
  const limit =
    monthlyLimitMinor === null
      ? ""
      : ` and ${moneyWords(monthlyLimitMinor, price.currency)} in a calendar month`;
  return [
    `I allow ${company} to charge my card for ${scanCredits(quantity)} at the price then shown in my`,
    `account (today ${today}) ${whenWords(agreed)}, at most`,
    `${autoTopUpPolicy.perDayMax} times in 24 hours${limit}. I can switch this off at any time in`,
    "Account Overview; charges already made stay.",
  ].join(" ");
}

function scanCredits(quantity: number): string {
  return `${quantity} scan ${quantity === 1 ? "credit" : "credits"}`;
}

function whenWords({ triggers, threshold }: Agreed): string {
  const runsOut =
    threshold === 0
      ? "each time my credits run out"
      : `each time I have ${creditsWords(threshold)} or fewer left`;
  const expires = `${autoTopUpPolicy.renewalDaysBefore} days before paid credits expire, which extends them by ${settings.creditMonths} months`;
  if (!triggers.beforeExpiry) return runsOut;
  return triggers.outOfCredits ? `${runsOut}, and ${expires}` : expires;
}
