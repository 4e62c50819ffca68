import type { Database } from "@scanmeter/db";
import { FORGED_ID } from "./webhook-deliveries.ts";

/** What became of purchases and of the events about them, to be held against what was delivered. */
export interface PurchaseCounts {
  readonly purchases: number;
  readonly paid: number;
  /** Postings that granted credits, the purchases they were for, and the credits. */
  readonly grants: number;
  readonly granted: number;
  readonly credits: number;
  readonly balances: number;
  readonly invoices: number;
  readonly invoiced: number;
  readonly mails: number;
  readonly events: number;
  readonly handled: number;
  readonly forged: number;
  readonly alerts: number;
}

export async function countPurchases(db: Pick<Database, "read">): Promise<PurchaseCounts> {
  const { rows, columns } = await db.read({
    sql: `SELECT
      (SELECT count(*) FROM top_ups) AS purchases,
      (SELECT count(*) FROM top_ups WHERE state = 'paid') AS paid,
      (SELECT count(*) FROM postings WHERE kind = 'grant') AS grants,
      (SELECT count(DISTINCT top_up_id) FROM postings WHERE kind = 'grant') AS granted,
      (SELECT coalesce(sum(granted), 0) FROM lots) AS credits,
      (SELECT coalesce(sum(balance), 0) FROM accounts) AS balances,
      (SELECT count(*) FROM invoices) AS invoices,
      (SELECT count(DISTINCT top_up_id) FROM invoices) AS invoiced,
      (SELECT count(*) FROM mails) AS mails,
      (SELECT count(*) FROM gateway_events) AS events,
      (SELECT count(*) FROM gateway_events WHERE state = 'handled') AS handled,
      (SELECT count(*) FROM gateway_events WHERE id >= ?1 AND id < ?1 || '~') AS forged,
      (SELECT count(*) FROM alerts) AS alerts`,
    args: [FORGED_ID],
  });
  const counts = columns.map((name, at) => [name, Number(rows[0]?.[at])]);
  return Object.fromEntries(counts) as PurchaseCounts;
}
