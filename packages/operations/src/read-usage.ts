/**
 * An account's use day by day, in days of its own zone, and what becomes of its credits if that goes
 * on. Read in windows of versions with a turn of the event loop after each, so that a long month of
 * one account holds up nobody else.
 */
import { setImmediate } from "node:timers/promises";
import {
  type DailyUse,
  dailyUses,
  type Forecast,
  type Instant,
  instant,
  type Movement,
} from "@scanmeter/core";
import { daysUntil } from "@scanmeter/core/calendar";
import { findVersionBefore, listMovements } from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { readForecast, readSnapshot } from "./read-account.ts";

export interface UsageQuery {
  readonly account: { readonly id: string; readonly timeZone: string };
  readonly days: number;
}

export interface Usage {
  /** When the first day began, and now. */
  readonly from: Instant;
  readonly to: Instant;
  readonly timeZone: string;
  readonly balanceAtStart: number;
  readonly days: readonly (DailyUse & { readonly date: string })[];
  readonly forecast: Forecast;
}

type ReadDeps = Pick<Deps, "db" | "clock">;

/** Some hundredths of a second's work. */
const WINDOW = 50_000;
/** Clocks of several processes may differ by less than that. */
const DAY_MS = 86_400_000;

/** Null for an unknown account. */
export async function readUsage(deps: ReadDeps, query: UsageQuery): Promise<Usage | null> {
  const { id, timeZone } = query.account;
  const snapshot = await readSnapshot(deps, id);
  if (snapshot === null) return null;
  const { account, lots, now } = snapshot;
  const calendar = daysUntil(now, query.days, timeZone);
  const starts = calendar.map(({ startsAt }) => startsAt);
  const from = starts[0] ?? now;
  const movements: Movement[] = [];
  let after = await findVersionBefore(deps.db, id, instant(from - DAY_MS));
  while (after < account.version) {
    const until = Math.min(account.version, after + WINDOW);
    movements.push(...(await listMovements(deps.db, id, { after, until })));
    after = until;
    await setImmediate();
  }
  const { balanceAtStart, days } = dailyUses({ starts, movements, lots, now });
  return {
    from,
    to: now,
    timeZone,
    balanceAtStart,
    days: days.map((day, index) => ({ date: calendar[index]?.date ?? "", ...day })),
    forecast: await readForecast(deps, snapshot),
  };
}
