/** How targets and the changes of them are told. */
import type { TargetView, UsedTargetView } from "@scanmeter/contracts/targets";
import { creditsInWords } from "../../format/credits.ts";
import { withoutScheme } from "../scans/scan-words.ts";

export function modeInWords(mode: TargetView["mode"]): string {
  return mode === "credits" ? "Uses credits" : "Unlimited";
}

/** A target without a name of its own is named by its address. */
export function targetTitle({ name, url }: Pick<TargetView, "name" | "url">): string {
  return name === url ? withoutScheme(url) : name;
}

export const hasOwnName = ({ name, url }: Pick<TargetView, "name" | "url">): boolean =>
  name !== url;

/** "34 credits in 12 scans". */
export function usageInWords({ scans, creditsTotal }: UsedTargetView): string {
  if (scans === 0) return "Never scanned";
  return `${creditsInWords(creditsTotal)} in ${scans === 1 ? "1 scan" : `${scans} scans`}`;
}

export const otherMode = (mode: TargetView["mode"]): TargetView["mode"] =>
  mode === "credits" ? "unlimited" : "credits";

export function switchInWords({ mode }: Pick<TargetView, "mode">): string {
  return mode === "credits" ? "Make it unlimited" : "Make it use credits";
}

/** What switching does, said before it is done. */
export function switchConsequence({ mode, typicalCredits }: UsedTargetView): string {
  if (mode === "credits")
    return "Scans that start from now on cost no credits: they are covered by your subscription. Running ones go on as they started.";
  const likely = typicalCredits === null ? "" : `, likely ${typicalCredits}`;
  return `Scans that start from now on cost 1 credit per started hour, at most 5 each${likely}. Running ones go on as they started.`;
}

/** Those in use first come first; the rest is history. */
export function inUse(targets: readonly UsedTargetView[]): UsedTargetView[] {
  return targets.filter(({ archivedAt }) => archivedAt === null);
}

export function archived(targets: readonly UsedTargetView[]): UsedTargetView[] {
  return targets.filter(({ archivedAt }) => archivedAt !== null);
}
