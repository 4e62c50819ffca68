/** What a scan has cost, in a sentence. The figures are the server's. */
import type { ScanDetails } from "@scanmeter/contracts/scans";
import { creditsInWords } from "../../format/credits.ts";

type Cost = Pick<
  ScanDetails,
  "mode" | "creditsDebited" | "creditsMax" | "creditsReturned" | "endedAt"
>;

export function costInWords(scan: Cost): string {
  if (scan.mode === "unlimited")
    return "It costs no credits: its target was unlimited when it started.";
  const cost = creditsInWords(scan.creditsDebited);
  if (scan.endedAt === null) return `${cost} so far, at most ${scan.creditsMax}.`;
  if (scan.creditsReturned === 0) return `It cost ${cost}.`;
  const returned = `${creditsInWords(scan.creditsReturned)} came back`;
  return scan.creditsDebited === 0
    ? `It cost nothing: ${returned}.`
    : `It cost ${cost}; ${returned}.`;
}
