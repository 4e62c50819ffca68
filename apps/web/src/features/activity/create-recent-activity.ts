import type { ActivityItem } from "@scanmeter/contracts/live";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";

const SHOWN = 10;

export type RecentActivity = Refreshed<ActivityItem[]>;

/** The latest changes, newest first, along with each fresh overview. */
export function createRecentActivity(round: Accessor<unknown>): RecentActivity {
  const ask = async () => (await api.account.activity.query({ limit: SHOWN })).items;
  return createRefreshed(ask, round);
}
