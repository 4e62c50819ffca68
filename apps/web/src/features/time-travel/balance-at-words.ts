import type { Balance } from "@scanmeter/contracts/live";
import { creditsInWords, formatCredits } from "../../format/credits.ts";

/** One sentence for people who cannot see the figures change. */
export function balanceAtInWords(when: string, balance: Balance, locale?: string): string {
  const { available, paid, free, frozen, debt } = balance;
  const parts = [
    `${creditsInWords(available, locale)} available`,
    ...(available > 0 ? [`${formatCredits(paid, locale)} paid`] : []),
    ...(available > 0 ? [`${formatCredits(free, locale)} free`] : []),
    ...(frozen > 0 ? [`${formatCredits(frozen, locale)} frozen`] : []),
    ...(debt > 0 ? [`${formatCredits(debt, locale)} owed`] : []),
  ];
  return `Balance ${when}: ${parts.join(", ")}.`;
}

/** Where the test clock went, and how much had come due on its way. */
export function movedInWords(where: string, ran: number, locale?: string): string {
  const things =
    ran === 1 ? "1 thing that was due" : `${formatCredits(ran, locale)} things that were due`;
  const what = ran === 0 ? "Nothing was due on the way" : `${things} on the way ran, in order`;
  return `The test clock moved to ${where}. ${what}.`;
}
