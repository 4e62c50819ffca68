/** Everything pages ask about an account. Reads never wait for writes and never write. */
import {
  type Balance,
  balanceAt,
  FORECAST_DAYS,
  type Forecast,
  forecastOf,
  type Instant,
  type Lot,
  usePerDay,
} from "@scanmeter/core";
import {
  findDebtAsOf,
  findSnapshot,
  findUsageSince,
  listLotsAsOf,
  type Snapshot,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";

/** An account as it stands, and the instant it was looked at. */
export interface AccountSnapshot extends Snapshot {
  readonly now: Instant;
}

export async function readSnapshot(
  deps: Pick<Deps, "db" | "clock">,
  accountId: string,
): Promise<AccountSnapshot | null> {
  const now = deps.clock.now();
  const snapshot = await findSnapshot(deps.db, accountId);
  return snapshot === null ? null : { ...snapshot, now };
}

const DAY_MS = 86_400_000;

/** What the last thirty days suggest. An account younger than that is judged by the days it has. */
export async function readForecast(
  deps: Pick<Deps, "db">,
  { account, lots, now }: AccountSnapshot,
): Promise<Forecast> {
  const since = now - FORECAST_DAYS * DAY_MS;
  const { credits, firstAt } = await findUsageSince(deps.db, account.id, since);
  return forecastOf(lots, usePerDay({ credits, firstAt: firstAt as Instant | null }, now), now);
}

/**
 * The balance at a past instant, from the entries booked by then, or at a future one, if nothing is
 * bought or spent until then.
 */
export async function readBalanceAt(deps: Deps, accountId: string, at: Instant): Promise<Balance> {
  if (at < deps.clock.now()) {
    const lots: Lot[] = await listLotsAsOf(deps.db, accountId, at);
    const debt = await findDebtAsOf(deps.db, accountId, at);
    return balanceAt({ debt } as Parameters<typeof balanceAt>[0], lots, at);
  }
  const snapshot = await findSnapshot(deps.db, accountId);
  if (snapshot === null) throw new Error("A member's account exists.");
  return balanceAt(snapshot.account, snapshot.lots, at);
}
