/**
 * Comparing with the payment gateway, for what no call and no webhook told us: missed events every
 * hour, and every day the payments themselves, because very rarely an event is never made at all.
 */
import { after, type Instant, instant } from "@scanmeter/core";
import {
  findReconciliation,
  findTopUp,
  listPaidTopUps,
  putReconciliation,
  raiseAlert,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { receiveEvent } from "./inbox.ts";
import { refreshTopUp } from "./learn-payment.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Comparison {
  readonly name: string;
  readonly everyMs: number;
  /** Looked at again although it was compared before: what comes late is found all the same. */
  readonly overlapMs: number;
  readonly run: (deps: PaymentDeps, since: Instant) => Promise<boolean>;
}

const comparisons: readonly Comparison[] = [
  { name: "events", everyMs: HOUR_MS, overlapMs: 2 * HOUR_MS, run: compareEvents },
  { name: "payments", everyMs: DAY_MS, overlapMs: 3 * DAY_MS, run: comparePayments },
];

/** The gateway keeps its events this long; further back there is nothing to compare. */
const REACH_MS = 30 * DAY_MS;

/** Does the comparisons that are due; all of them now when `isForced`. Answers how many ran through. */
export async function reconcile(deps: PaymentDeps, isForced = false): Promise<number> {
  let done = 0;
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
    if (!(await run(deps, instant(since)))) continue;
    await deps.db.write([
      putReconciliation({ name, comparedUntil: now, nextAt: after(now, everyMs) }),
    ]);
    done += 1;
  }
  return done;
}

/** Puts what was never delivered into the inbox, where what was delivered already is. */
async function compareEvents(deps: PaymentDeps, since: Instant): Promise<boolean> {
  const { gateway } = deps.payments;
  for (let startingAfter: string | undefined; ; ) {
    const page = await gateway.listEvents({ since, ...(startingAfter && { startingAfter }) });
    if (page.is !== "value") return false;
    for (const event of page.value.items) await receiveEvent(deps, event);
    if (page.value.next === null) return true;
    startingAfter = page.value.next;
  }
}

/** Both ways: paid there and unknown or unsettled here; credited here and not paid there. */
async function comparePayments(deps: PaymentDeps, since: Instant): Promise<boolean> {
  const { gateway } = deps.payments;
  for (let startingAfter: string | undefined; ; ) {
    const page = await gateway.listPayments({ since, ...(startingAfter && { startingAfter }) });
    if (page.is !== "value") return false;
    for (const { id, topUpId, status } of page.value.items) {
      const row = topUpId === null ? null : await findTopUp(deps.db, topUpId);
      if (row !== null) {
        const { accountId } = row.topUp;
        await refreshTopUp(deps, { accountId, topUpId: row.topUp.id }, id);
      } else if (status === "succeeded") {
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
  return compareCredited(deps, since);
}

const PAGE = 100;

async function compareCredited(deps: PaymentDeps, from: Instant): Promise<boolean> {
  for (let afterId = ""; ; ) {
    const rows = await listPaidTopUps(deps.db, { from, afterId, limit: PAGE });
    for (const { topUp } of rows) {
      const { id, accountId, paymentIntentId } = topUp;
      if (paymentIntentId === null) continue;
      const read = await deps.payments.gateway.readPayment(paymentIntentId);
      if (read.is === "unknown") return false;
      const isPaid = read.is === "value" && read.value.intent.status === "succeeded";
      if (!isPaid) {
        const text = `Purchase ${id} granted credits, but payment ${paymentIntentId} has not succeeded at the gateway.`;
        await tell(deps, "credited_unpaid", id, accountId, text);
      }
    }
    const last = rows.at(-1);
    if (rows.length < PAGE || last === undefined) return true;
    afterId = last.topUp.id;
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
