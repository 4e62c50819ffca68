import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";

export type RunnerKey = Awaited<ReturnType<typeof api.runnerKeys.list.query>>[number];

/** Newest first, as somebody who just made one looks for it. */
export function createRunnerKeys(reason: Accessor<unknown>): Refreshed<RunnerKey[]> {
  return createRefreshed(async () => (await api.runnerKeys.list.query()).reverse(), reason);
}
