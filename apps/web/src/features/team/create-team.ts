import type { TeamView } from "@scanmeter/contracts/team";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";

/** The people of the account, and for owners who was invited. */
export function createTeam(reason: Accessor<unknown>): Refreshed<TeamView> {
  return createRefreshed(() => api.members.list.query(), reason);
}
