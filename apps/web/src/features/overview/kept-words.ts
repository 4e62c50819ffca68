/** Credits past their date that are not lost yet. */
import type { KeptCredits, LotView, Overview } from "@scanmeter/contracts/live";
import { creditsInWords } from "../../format/credits.ts";
import { instantWithZone, type Place } from "../../format/instants.ts";

/** A lot is listed past its date only while something of it is kept. */
export function isKept({ expiresAt }: Pick<LotView, "expiresAt">, at: number): boolean {
  return Date.parse(expiresAt) <= at;
}

type Known = Pick<Overview, "lots" | "now"> & { readonly kept: KeptCredits };

/** One sentence with the way to have them back. */
export function keptInWords({ kept, lots, now }: Known, place: Place): string {
  const dates = new Set(
    lots.filter((lot) => isKept(lot, Date.parse(now))).map(({ expiresAt }) => expiresAt),
  );
  const [date] = dates;
  const until = instantWithZone(Date.parse(kept.until), place);
  const what = creditsInWords(kept.credits, place.locale);
  const [are, them] = kept.credits === 1 ? ["is", "it"] : ["are", "them"];
  const told =
    dates.size === 1 && date !== undefined
      ? `${what} expired on ${instantWithZone(Date.parse(date), place)} and ${are} kept until ${until}`
      : `${what} expired and ${are} kept, the first of ${them} until ${until}`;
  return `${told}: the next purchase brings ${them} back.`;
}
