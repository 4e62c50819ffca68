import type { UsedTargetView } from "@scanmeter/contracts/targets";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";

/** What the account scans and what that costs, archived targets too; fetched anew for a reason. */
export function createTargets(reason: Accessor<unknown>): Refreshed<UsedTargetView[]> {
  return createRefreshed(() => api.targets.list.query({ archived: true }), reason);
}
