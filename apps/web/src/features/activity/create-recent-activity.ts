import type { ActivityItem } from "@scanmeter/contracts/live";
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { api } from "../../api/client.ts";

const SHOWN = 20;

export interface RecentActivity {
  /** Newest first; null until the first answer. */
  items: Accessor<readonly ActivityItem[] | null>;
  /** The last attempt failed; what was fetched before stays. */
  hasFailed: Accessor<boolean>;
  /** The local instant of the last answer, epoch milliseconds. */
  fetchedAt: Accessor<number>;
}

/** Fetches the latest changes along with each fresh overview. */
export function createRecentActivity(round: Accessor<number>): RecentActivity {
  const [items, setItems] = createSignal<readonly ActivityItem[] | null>(null);
  const [hasFailed, setFailed] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);
  let latest = 0;

  async function load(): Promise<void> {
    latest += 1;
    const mine = latest;
    try {
      const page = await api.account.activity.query({ limit: SHOWN });
      // An answer that was overtaken by a later one is older than what is on screen.
      if (mine < latest) return;
      setFetchedAt(Date.now());
      setItems(page.items);
      setFailed(false);
    } catch {
      if (mine === latest) setFailed(true);
    }
  }

  createEffect(on(round, load));
  return { items, hasFailed, fetchedAt };
}
