import { type Credits, likelyCost, settings } from "@scanmeter/core";
import {
  listAllTargets,
  listTargets,
  listTargetUsage,
  type Target,
  type TargetUsage,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";

const RECENT_MS = 30 * 86_400_000;

export interface UsedTarget {
  readonly target: Target;
  /** Null for one that was never scanned. */
  readonly usage: TargetUsage | null;
  readonly likelyCost: Credits | null;
}

/** What is scanned, with what that costs and is likely to cost next time. */
export async function listUsedTargets(
  deps: Deps,
  wanted: { readonly accountId: string; readonly isWithArchived: boolean },
): Promise<UsedTarget[]> {
  const { accountId, isWithArchived } = wanted;
  const [targets, usages] = await Promise.all([
    isWithArchived ? listAllTargets(deps.db, accountId) : listTargets(deps.db, accountId),
    listTargetUsage(deps.db, {
      accountId,
      since: deps.clock.now() - RECENT_MS,
      finishedMax: settings.likelyCostScans,
    }),
  ]);
  const usageOf = new Map(usages.map((usage) => [usage.targetId, usage]));
  return targets.map((target) => {
    const usage = usageOf.get(target.id) ?? null;
    return { target, usage, likelyCost: likelyCost((usage?.finishedCosts ?? []) as Credits[]) };
  });
}
