import { listDueEvents, listDueTopUps } from "@scanmeter/db";
import type { Swept } from "../catch-up.ts";
import { detachRemoved } from "./cards.ts";
import { handleEvent, type InboxDeps } from "./inbox.ts";
import { pursueTopUp } from "./pursue.ts";
import { reconcile } from "./reconcile.ts";
import { pursueDueRefunds } from "./refund.ts";

/** Asking the gateway takes a while each time, so several are asked about at once, but not all. */
const AT_ONCE = 8;

/**
 * Does what is owed to purchases, refunds, events and cards by now, in a bounded batch. Apart from the
 * sweep of scans, because it waits for the gateway and metering must not wait with it.
 */
export async function sweepPayments(deps: InboxDeps, limit: number): Promise<Swept> {
  const now = deps.clock.now();
  const events = await listDueEvents(deps.db, now, limit);
  const topUps = await listDueTopUps(deps.db, now, limit);
  const outcomes = [
    ...(await inTurns(events, (id) => handleEvent(deps, id))),
    ...(await inTurns(topUps, (name) => pursueTopUp(deps, name))),
  ];
  const refunds = await pursueDueRefunds(deps, limit);
  await detachRemoved(deps, limit);
  await reconcile(deps);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  // What is still due was left as it is for now. Only progress calls for another round.
  const isLeft = new Set(await listDueEvents(deps.db, now, limit));
  const isLeftToo = new Set((await listDueTopUps(deps.db, now, limit)).map((one) => one.topUpId));
  const doneEvents = events.filter((id) => !isLeft.has(id)).length;
  const doneTopUps = topUps.filter(({ topUpId }) => !isLeftToo.has(topUpId)).length;
  const isFull = (found: readonly unknown[], done: number) => found.length === limit && done > 0;
  return {
    rescued: doneEvents + doneTopUps + refunds,
    isFull: isFull(events, doneEvents) || isFull(topUps, doneTopUps),
  };
}

async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  const outcomes: PromiseSettledResult<void>[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const some = items.slice(at, at + AT_ONCE).map(work);
    outcomes.push(...(await Promise.allSettled(some)));
  }
  return outcomes;
}
