/** What the drawing of use says, in sentences; all figures are the server's. */
import type { UsageDayView, UsageView } from "@scanmeter/contracts/usage";
import { creditsInWords, formatCredits } from "../../format/credits.ts";
import { dayInWords, type Place } from "../../format/instants.ts";

/** How long the credits last, and what might change that. */
export function forecastInWords(
  { forecast }: UsageView,
  { place, buysAutomatically }: { readonly place: Place; readonly buysAutomatically: boolean },
): string[] {
  const { creditsPerDay, runsOutAt, points, expiring } = forecast;
  const { locale } = place;
  const on = (at: string) => dayInWords(Date.parse(at), place);
  const pace = `${creditsInWords(creditsPerDay, locale)} a day`;
  const most = expiring.toSorted((a, b) => b.credits - a.credits)[0];
  const topUps = buysAutomatically ? ["Auto top-up is on. What it would buy is not drawn."] : [];
  if ((points[0]?.available ?? 0) === 0) {
    const before = creditsPerDay > 0 ? `, and lately ${pace} were used` : "";
    return [`No credits are left${before}.`, ...topUps];
  }
  if (runsOutAt === null) {
    const [first] = expiring;
    const gone = first
      ? [
          `${creditsInWords(first.credits, locale)} ${first.credits === 1 ? "expires" : "expire"} on ${on(first.at)}.`,
        ]
      : [];
    return ["No credits were used lately.", ...gone, ...topUps];
  }
  const others = expiring.length > 1 ? ", and some on other days" : "";
  const unused = most
    ? [
        `About ${formatCredits(most.credits, locale)} of them would expire unused on ${on(most.at)}${others}.`,
      ]
    : [];
  return [`At ${pace} they last until ${on(runsOutAt)}.`, ...unused, ...topUps];
}

/** One sentence for those who cannot see the line. */
export function courseInWords(view: UsageView, sentences: readonly string[]): string {
  const { balanceAtStart, days } = view;
  const now = creditsInWords(days.at(-1)?.balanceAtEnd ?? 0);
  const course = `Balance over ${days.length} days: from ${formatCredits(balanceAtStart)} to ${now} today.`;
  return [course, ...sentences].join(" ");
}

/** One day, as it is read below the drawing and to those who step through it. */
export function dayOfUseInWords(
  day: UsageDayView,
  { isToday, locale }: { readonly isToday: boolean; readonly locale?: string | undefined },
): string {
  const { date, used, added, expired, other, balanceAtEnd } = day;
  const parts = [
    `${formatCredits(used, locale)} used`,
    ...(added > 0 ? [`${formatCredits(added, locale)} added`] : []),
    ...(expired > 0 ? [`${formatCredits(expired, locale)} expired`] : []),
    ...(other > 0 ? [`${formatCredits(other, locale)} otherwise gained`] : []),
    ...(other < 0 ? [`${formatCredits(-other, locale)} otherwise lost`] : []),
    `${creditsInWords(balanceAtEnd, locale)} ${isToday ? "now" : "at the end of the day"}`,
  ];
  const when = isToday ? "Today so far" : dateInWords(date, locale);
  return `${when}: ${parts.join(", ")}.`;
}

/** "14 March 2027" of "2027-03-14". */
function dateInWords(date: string, locale?: string): string {
  return dayInWords(Date.parse(date), { timeZone: "UTC", locale });
}

/** Nothing has ever happened here, as far as one can see. */
export function isUnused({ balanceAtStart, days }: UsageView): boolean {
  return (
    balanceAtStart === 0 &&
    days.every(({ used, added, expired, balanceAtEnd }) => {
      return used === 0 && added === 0 && expired === 0 && balanceAtEnd === 0;
    })
  );
}
