import type { ActivityItem } from "@scanmeter/contracts/live";

/** Red is for credits that were lost; hours that were scanned are what credits are for. */
export function amountClass({ kind, credits }: Pick<ActivityItem, "kind" | "credits">): string {
  if (kind === "breakage") return "amount amount--lost";
  return credits > 0 ? "amount amount--gained" : credits < 0 ? "amount" : "quiet";
}
