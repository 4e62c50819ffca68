/** How a posting is named on its line, and what it moved. Why it was booked, the server says. */
import type { LotName, MoveView } from "@scanmeter/contracts/activity";
import type { ActivityItem } from "@scanmeter/contracts/live";
import type { PostingKind } from "@scanmeter/core";
import { creditsInWords } from "../../format/credits.ts";
import { type Place, shortInstant } from "../../format/instants.ts";
import { sourceInWords } from "../overview/lot-words.ts";

const kinds: Record<PostingKind, string> = {
  grant: "Credits added",
  debit: "Hour",
  return: "Hour returned",
  breakage: "Expired",
  extension: "Date moved",
  adjustment: "Correction",
  reversal: "Refund",
  freeze: "Set aside",
  release: "Released",
  scan_started: "Scan",
  scan_paused: "Scan",
  scan_resumed: "Scan",
  scan_ended: "Scan",
};

/** The server may be newer than this page. */
export const kindInWords = (kind: string): string =>
  (kinds as Readonly<Record<string, string>>)[kind] ?? sourceInWords(kind);

/** "Purchase, paid", "Purchase, paid, and 2 others"; nothing where no lot was moved. */
export function lotInWords(lot: ActivityItem["lot"]): string {
  if (lot === undefined) return "";
  const { kind, source, others } = lot;
  const first = `${sourceInWords(source)}, ${kind}`;
  return others === 0 ? first : `${first}, and ${others} ${others === 1 ? "other" : "others"}`;
}

/** "1 credit out of Purchase, paid, expires 14 Mar 2027, 09:12: spent on scanning." */
export function moveInWords({ credits, text, lot }: MoveView, place: Place): string {
  const amount = creditsInWords(Math.abs(credits), place.locale);
  if (lot === null) return `${amount} ${credits < 0 ? "owed" : "no longer owed"}: ${text}.`;
  const way = credits < 0 ? "out of" : "into";
  return `${amount} ${way} ${lotNameInWords(lot, place)}: ${text}.`;
}

export function lotNameInWords({ kind, source, expiresAt }: LotName, place: Place): string {
  return `${sourceInWords(source)}, ${kind}, until ${shortInstant(Date.parse(expiresAt), place)}`;
}
