/**
 * Comparing with the payment gateway, for what no call and no webhook told us: missed events every
 * hour, and every day the payments themselves, because very rarely an event is never made at all.
 */
import { after, type Instant, instant } from "@scanmeter/core";
import { differencesFromOrder, type PaymentIntentFacts } from "@scanmeter/core/purchase";
import {
  findReconciliation,
  findTopUp,
  listPaidTopUps,
  putReconciliation,
  raiseAlert,
  type TopUpRow,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { type InboxDeps, receiveEvent } from "./inbox.ts";
import { refreshTopUp } from "./learn-payment.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a comparison came to. */
export interface Compared {
  readonly name: "events" | "payments";
  /** False when the gateway stopped answering on the way; then it is soon done again. */
  readonly isComplete: boolean;
  /** How many events or payments were looked at. */
  readonly looked: number;
  /** In how many of them something was news to us. */
  readonly found: number;
}

interface Comparison {
  readonly name: Compared["name"];
  readonly everyMs: number;
  /** Looked at again although it was compared before: what comes late is found all the same. */
  readonly overlapMs: number;
  readonly run: (deps: InboxDeps, since: Instant) => Promise<Omit<Compared, "name">>;
}

const comparisons: readonly Comparison[] = [
  { name: "events", everyMs: HOUR_MS, overlapMs: 2 * HOUR_MS, run: compareEvents },
  { name: "payments", everyMs: DAY_MS, overlapMs: 3 * DAY_MS, run: comparePayments },
];

/** The gateway keeps its events this long; further back there is nothing to compare. */
const REACH_MS = 30 * DAY_MS;

/** One that the gateway left without an answer starts over, and sweeps wait while it runs. */
const COMPARE_AGAIN_MS = 5 * MINUTE_MS;

/** Does the comparisons that are due; all of them now when `isForced`. Answers what was done. */
export async function reconcile(deps: InboxDeps, isForced = false): Promise<Compared[]> {
  const done: Compared[] = [];
  for (const { name, everyMs, overlapMs, run } of comparisons) {
    const now = deps.clock.now();
    const last = await findReconciliation(deps.db, name);
    if (last === null && !isForced) {
      // Nothing was sold before the first look.
      const first = { name, comparedUntil: now, nextAt: after(now, everyMs) };
      await deps.db.write([putReconciliation(first)]);
      continue;
    }
    if (last !== null && last.nextAt > now && !isForced) continue;
    const since = Math.max((last?.comparedUntil ?? now) - overlapMs, now - REACH_MS);
    const compared = { name, ...(await run(deps, instant(since))) };
    done.push(compared);
    const next = compared.isComplete
      ? { name, comparedUntil: now, nextAt: after(now, everyMs) }
      : last && { ...last, nextAt: after(deps.clock.now(), COMPARE_AGAIN_MS) };
    if (next !== null) await deps.db.write([putReconciliation(next)]);
  }
  return done;
}

/** Puts what was never delivered into the inbox, where what was delivered already is. */
async function compareEvents(deps: InboxDeps, since: Instant): Promise<Omit<Compared, "name">> {
  const { gateway } = deps.payments;
  let looked = 0;
  let found = 0;
  for (let startingAfter: string | undefined; ; ) {
    const page = await gateway.listEvents({ since, ...(startingAfter && { startingAfter }) });
    if (page.is !== "value") return { isComplete: false, looked, found };
    // At once, because they then share a commit.
    const areNew = await Promise.all(page.value.items.map((event) => receiveEvent(deps, event)));
    looked += areNew.length;
    found += areNew.filter(Boolean).length;
    if (page.value.next === null) return { isComplete: true, looked, found };
    startingAfter = page.value.next;
  }
}

/** Both ways: paid there and unknown or unsettled here; credited here and not paid there. */
async function comparePayments(deps: PaymentDeps, since: Instant): Promise<Omit<Compared, "name">> {
  const { gateway } = deps.payments;
  const asOrdered = new Set<string>();
  let looked = 0;
  let found = 0;
  for (let startingAfter: string | undefined; ; ) {
    const page = await gateway.listPayments({ since, ...(startingAfter && { startingAfter }) });
    if (page.is !== "value") return { isComplete: false, looked, found };
    for (const intent of page.value.items) {
      const { id, topUpId, status } = intent;
      looked += 1;
      const row = topUpId === null ? null : await findTopUp(deps.db, topUpId);
      if (row !== null) {
        const { accountId } = row.topUp;
        const learned = await refreshTopUp(deps, { accountId, topUpId: row.topUp.id }, id);
        if (learned !== null && isNews(row, learned)) found += 1;
        if (learned !== null && isAsOrdered(learned, intent)) asOrdered.add(id);
      } else if (status === "succeeded") {
        found += 1;
        await tell(
          deps,
          "unknown_payment",
          id,
          null,
          `Payment ${id} succeeded at the gateway and belongs to no purchase here.`,
        );
      }
    }
    if (page.value.next === null) break;
    startingAfter = page.value.next;
  }
  const credited = await compareCredited(deps, since, asOrdered);
  return { isComplete: credited.isComplete, looked, found: found + credited.found };
}

function isNews(before: TopUpRow, now: TopUpRow): boolean {
  return before.topUp.state !== now.topUp.state || before.settlement !== now.settlement;
}

function isAsOrdered({ topUp }: TopUpRow, intent: PaymentIntentFacts): boolean {
  const isPaid = topUp.state === "paid" && intent.status === "succeeded";
  return isPaid && differencesFromOrder(topUp, intent).length === 0;
}

const PAGE = 100;

/**
 * A credit whose payment is not what it was is a person's to judge: nothing is taken back here.
 * @param asOrdered payments that were looked at a moment ago and need no second look.
 */
async function compareCredited(deps: PaymentDeps, since: Instant, asOrdered: ReadonlySet<string>) {
  let found = 0;
  for (let [from, afterId] = [since, ""]; ; ) {
    const rows = await listPaidTopUps(deps.db, { from, afterId, limit: PAGE });
    for (const { topUp } of rows) {
      const { id, accountId, paymentIntentId } = topUp;
      if (paymentIntentId === null || asOrdered.has(paymentIntentId)) continue;
      const read = await deps.payments.gateway.readPayment(paymentIntentId);
      if (read.is === "unknown" || read.is === "rejected") return { isComplete: false, found };
      const intent = read.is === "value" ? read.value.intent : null;
      if (intent?.status !== "succeeded") {
        found += 1;
        const text = `Purchase ${id} granted credits, but payment ${paymentIntentId} has not succeeded at the gateway.`;
        await tell(deps, "credited_unpaid", id, accountId, text);
        continue;
      }
      const differences = differencesFromOrder(topUp, intent);
      if (differences.length === 0) continue;
      found += 1;
      const text = `Purchase ${id} granted credits, but its payment ${paymentIntentId} is another one at the gateway by now; these differ: ${differences.join(", ")}.`;
      await tell(deps, "credited_differently", id, accountId, text);
    }
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return { isComplete: true, found };
    [from, afterId] = [last.topUp.paidAt ?? from, last.topUp.id];
  }
}

async function tell(
  deps: PaymentDeps,
  kind: string,
  subject: string,
  accountId: string | null,
  text: string,
): Promise<void> {
  const alert = { key: `${kind}-${subject}`, kind, accountId, text };
  await deps.db.write([raiseAlert(alert, deps.clock.now())]);
}
