import type { Instant } from "@scanmeter/core";
import { listTopUpsDueBetween } from "@scanmeter/db";
import type { Deps } from "../deps.ts";

/** When to look at a purchase next. A hint: the row is read again before anything is done. */
export interface TopUpWakeUp {
  readonly accountId: string;
  readonly topUpId: string;
  readonly dueAt: Instant;
}

/** The wake-ups of purchases whose next step falls due until an instant, in pages, for arming the queue. */
export async function listTopUpWakeUps(
  { db, clock }: Pick<Deps, "db" | "clock">,
  page: { readonly until: Instant; readonly afterTopUpId: string; readonly limit: number },
): Promise<{ readonly wakeUps: TopUpWakeUp[]; readonly lastTopUpId: string | null }> {
  const { until, afterTopUpId: afterId, limit } = page;
  const wakeUps = await listTopUpsDueBetween(db, { from: clock.now(), until, afterId }, limit);
  return {
    wakeUps,
    lastTopUpId: wakeUps.length === limit ? (wakeUps.at(-1)?.topUpId ?? null) : null,
  };
}
