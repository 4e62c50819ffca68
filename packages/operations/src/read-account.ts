/** Everything pages ask about an account. Reads never wait for writes and never write. */
import { availableAt, type Balance, balanceAt, type Instant, type Lot } from "@scanmeter/core";
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

export async function readSnapshot(deps: Deps, accountId: string): Promise<AccountSnapshot | null> {
  const now = deps.clock.now();
  const snapshot = await findSnapshot(deps.db, accountId);
  return snapshot === null ? null : { ...snapshot, now };
}

const DAY_MS = 86_400_000;
const FORECAST_DAYS = 30;

export interface Forecast {
  readonly creditsPerDay: number;
  readonly runsOutAt: Instant | null;
}

/** What the last thirty days suggest. An account younger than that is judged by the days it has. */
export async function readForecast(deps: Deps, snapshot: AccountSnapshot): Promise<Forecast> {
  const { account, lots, now } = snapshot;
  const usage = await findUsageSince(deps.db, account.id, now - FORECAST_DAYS * DAY_MS);
  const days = Math.max(1, (now - (usage.firstAt ?? now)) / DAY_MS);
  const creditsPerDay = Math.max(0, usage.credits) / days;
  const available = availableAt(lots, now);
  const runsOutAt =
    creditsPerDay === 0
      ? null
      : ((now + Math.floor((available / creditsPerDay) * DAY_MS)) as Instant);
  return { creditsPerDay: Math.round(creditsPerDay * 100) / 100, runsOutAt };
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
