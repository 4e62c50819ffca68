/** When to look at accounts next, in pages, for arming the queue. Hints: the rows are read again. */
import { after, type Instant, settings } from "@scanmeter/core";
import {
  type LookDueAt,
  listArmedRenewals,
  listKeptLots,
  listLooksDueBetween,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

export interface LookWakeUps {
  readonly wakeUps: readonly LookDueAt[];
  readonly lastAccountId: string | null;
}

interface Page {
  readonly afterAccountId: string;
  readonly limit: number;
}

/** Looks that fall due until an instant. */
export async function listLooks(
  { db, clock }: Pick<Deps, "db" | "clock">,
  { until, afterAccountId: afterId, limit }: Page & { readonly until: Instant },
): Promise<LookWakeUps> {
  return pageOf(await listLooksDueBetween(db, { from: clock.now(), until, afterId }, limit), limit);
}

/** Every renewal that is armed, a year ahead if need be. */
export async function listRenewals(
  { db, clock }: Pick<Deps, "db" | "clock">,
  { afterAccountId: afterId, limit }: Page,
): Promise<LookWakeUps> {
  return pageOf(await listArmedRenewals(db, { from: clock.now(), afterId, limit }), limit);
}

/** When credits that are kept past their date are written off. */
export async function listWriteOffs(
  { db }: Pick<Deps, "db">,
  { afterAccountId: afterId, limit }: Page,
): Promise<LookWakeUps> {
  const kept = await listKeptLots(db, { afterId, limit });
  return pageOf(
    kept.map(({ accountId, expiresAt }) => {
      return { accountId, dueAt: after(expiresAt, settings.keptForMs) };
    }),
    limit,
  );
}

function pageOf(wakeUps: readonly LookDueAt[], limit: number): LookWakeUps {
  const lastAccountId = wakeUps.length === limit ? (wakeUps.at(-1)?.accountId ?? null) : null;
  return { wakeUps, lastAccountId };
}
