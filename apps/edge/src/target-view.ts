import type { TargetView, UsedTargetView } from "@scanmeter/contracts/targets";
import { instant, isoOf, settings } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";

type UsedTarget = Awaited<ReturnType<Operations["listUsedTargets"]>>[number];

export function targetViewOf(target: UsedTarget["target"]): TargetView {
  const { id, url, name, mode, createdAt, archivedAt } = target;
  return {
    id,
    url,
    name,
    mode,
    createdAt: isoOf(instant(createdAt)),
    archivedAt: archivedAt === null ? null : isoOf(instant(archivedAt)),
  };
}

export function usedTargetViewOf({ target, usage, likelyCost }: UsedTarget): UsedTargetView {
  return {
    ...targetViewOf(target),
    scans: usage?.scans ?? 0,
    creditsTotal: usage?.credits ?? 0,
    creditsLast30Days: usage?.recentCredits ?? 0,
    lastScanAt: usage === null ? null : isoOf(instant(usage.lastScanAt)),
    typicalCredits: target.mode === "credits" ? likelyCost : null,
    creditsMax: target.mode === "credits" ? settings.scanCreditsMax : 0,
  };
}
