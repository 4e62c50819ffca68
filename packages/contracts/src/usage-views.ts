/** How use looks on the wire. */
import { type DailyUse, type Forecast, type Instant, isoOf } from "@scanmeter/core";
import type { ForecastView, UsageView } from "./usage.ts";

export interface UsageFacts {
  readonly from: Instant;
  readonly to: Instant;
  readonly timeZone: string;
  readonly balanceAtStart: number;
  readonly days: readonly (DailyUse & { readonly date: string })[];
  readonly forecast: Forecast;
}

export function usageViewOf(facts: UsageFacts): UsageView {
  const { from, to, timeZone, balanceAtStart, days, forecast } = facts;
  return {
    from: isoOf(from),
    to: isoOf(to),
    timeZone,
    balanceAtStart,
    days: [...days],
    forecast: forecastViewOf(forecast),
  };
}

function forecastViewOf({ creditsPerDay, runsOutAt, points, expiring }: Forecast): ForecastView {
  return {
    creditsPerDay,
    runsOutAt: runsOutAt === null ? null : isoOf(runsOutAt),
    points: points.map(({ at, available }) => ({ at: isoOf(at), available })),
    expiring: expiring.map(({ at, credits }) => ({ at: isoOf(at), credits })),
  };
}
