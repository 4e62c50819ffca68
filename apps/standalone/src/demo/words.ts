/** How the tour speaks: plain lines, the same on a terminal and in a log. */
import type { TopUpView } from "@scanmeter/contracts/checkout";
import type { ActivityItem, LiveFrame } from "@scanmeter/contracts/live";
import { type Currency, decimalOf, minor } from "@scanmeter/core";
import { tableOf } from "../ops/table.ts";

export type Say = (line: string) => void;

/** 2027-11-22 16:40, by the test clock. */
export function timeWords(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

export function creditsWords(credits: number): string {
  return credits === 1 ? "1 credit" : `${credits} credits`;
}

export function moneyWords(amountMinor: number, currency: string): string {
  return `${currency} ${decimalOf({ amountMinor: minor(amountMinor), currency: currency as Currency })}`;
}

/** When, by how much, what is left, why. */
export function postingWords({ bookedAt, credits, balanceAfter, text }: ActivityItem): string {
  const change = credits === 0 ? "" : credits > 0 ? `+${credits}` : String(credits);
  return balanceLine({ at: bookedAt, change, balance: balanceAfter, why: text });
}

export function frameWords({ now, balance, nextExpiry }: LiveFrame): string {
  const why =
    nextExpiry === null ? "" : `${nextExpiry.credits} of them until ${timeWords(nextExpiry.at)}`;
  return balanceLine({ at: now, change: "", balance: balance.available, why });
}

function balanceLine(line: { at: string; change: string; balance: number; why: string }): string {
  const { at, change, balance, why } = line;
  return `${timeWords(at)}  ${change.padStart(4)}  ${String(balance).padStart(4)} left  ${why}`.trimEnd();
}

/** What a purchase did, lot by lot. */
export function receiptWords({ credits, money, receipt }: TopUpView): string {
  const lots = (receipt?.lots ?? []).map((lot) => [
    creditsWords(lot.credits),
    lot.oldExpiresAt === null ? "bought" : `until ${timeWords(lot.oldExpiresAt)}`,
    `now until ${timeWords(lot.newExpiresAt)}`,
  ]);
  const price = moneyWords(money.totalMinor, money.currency);
  return [
    `The receipt: ${creditsWords(credits)} for ${price}`,
    ...tableOf(lots)
      .split("\n")
      .map((line) => `  ${line}`),
  ].join("\n");
}
