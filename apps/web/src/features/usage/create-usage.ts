import type { UsageView } from "@scanmeter/contracts/usage";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";

export type ShownDays = 30 | 90;

/** Fetched along with each fresh overview, for another number of days, and when a day has ended. */
export function createUsage(about: {
  round: Accessor<number>;
  days: Accessor<ShownDays>;
  today: Accessor<unknown>;
}): Refreshed<UsageView> {
  return createRefreshed(
    () => api.account.usage.query({ days: about.days() }),
    () => [about.round(), about.days(), about.today()],
  );
}
