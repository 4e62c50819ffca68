/**
 * What must hold of purchases nobody pressed a button for: never more than one under way, never above a
 * cap, never without an agreement that covers it. Like the rest of the audit it looks at what is stored
 * and shares no code with what stored it.
 */
import { settings } from "@scanmeter/core";
import { autoTopUpPolicy } from "@scanmeter/core/auto-top-up";
import type { Database } from "@scanmeter/db";
import { type Check, finds } from "./audit-check.ts";

const { perHourMax, hourMs, perDayMax, dayMs } = autoTopUpPolicy;
const GRACE_MS = settings.lostAfterMs + 60_000;

const isOver = "state IN ('paid', 'expired', 'canceled', 'failed', 'needs_review')";

/** A purchase that was begun although as many as may be were paid shortly before. */
const begunTooSoon = (max: number, windowMs: number) =>
  `SELECT 'purchase ' || l.id || ' was begun within ' || ${windowMs} || ' ms of ' || count(*) || ' others'
    FROM top_ups l JOIN top_ups e ON e.account_id = l.account_id AND e.id <> l.id
      AND e.trigger <> 'manual' AND e.paid_at <= l.created_at AND e.paid_at > l.created_at - ${windowMs}
    WHERE l.trigger <> 'manual' GROUP BY l.id HAVING count(*) >= ${max}`;

export const autoTopUpChecks: readonly Check[] = [
  finds(
    "I9",
    "at most one automatic purchase of an account is under way",
    `SELECT 'account ' || account_id || ' has ' || count(*) || ' automatic purchases under way'
      FROM top_ups WHERE trigger <> 'manual' AND NOT ${isOver}
      GROUP BY account_id HAVING count(*) > 1 LIMIT 1`,
  ),
  finds(
    "I9",
    "no automatic purchase was begun above the caps of an hour and a day",
    `${begunTooSoon(perHourMax, hourMs)} UNION ALL ${begunTooSoon(perDayMax, dayMs)} LIMIT 1`,
  ),
  {
    id: "I9",
    title: "no month's automatic purchases went above the limit that was agreed to",
    run: monthAboveLimit,
  },
  finds(
    "I9",
    "every automatic purchase stands on an agreement that covers it",
    `SELECT 'purchase ' || t.id || ' is not what was agreed to' FROM top_ups t LEFT JOIN consents c
        ON c.id = t.consent_id AND c.account_id = t.account_id AND c.given_at <= t.created_at
      WHERE t.trigger <> 'manual' AND (c.id IS NULL OR (t.terms ->> 'quantity') > c.quantity
        OR iif(t.trigger = 'out_of_credits', c.out_of_credits, c.before_expiry) = 0
        OR (t.receipt ->> '$.quote.subtotalMinor') - (t.receipt ->> '$.quote.discountMinor') > c.net_minor
        OR (t.receipt ->> '$.quote.currency') <> c.currency) LIMIT 1`,
  ),
  finds(
    "I9",
    "the books know what the settings ask for",
    `SELECT 'account ' || a.id || ' does not follow its settings' FROM accounts a
      JOIN auto_top_ups s ON s.account_id = a.id
      WHERE a.top_up_at IS NOT iif(s.enabled AND s.out_of_credits, s.threshold, NULL)
        OR a.keeps_expired <> (s.enabled AND s.before_expiry) LIMIT 1`,
  ),
];

export const overdueLooks: Check = finds(
  "I15",
  "no account has waited to be looked at for more than minutes of the service's life",
  `SELECT 'account ' || a.id || ' was to be looked at at ' || a.next_look_at FROM accounts a, service
    WHERE max(a.next_look_at, listening_since) < alive_at - ${GRACE_MS} LIMIT 1`,
);

interface Paid {
  readonly id: string;
  readonly accountId: string;
  readonly paidAt: number;
  readonly totalMinor: number;
  readonly limitMinor: number | null;
  readonly timeZone: string;
}

/**
 * A limit is lowered without asking and raised only by another agreement, so each has its own. An account
 * may count its months in another zone later; its invoice says in which it did when it was paid.
 */
async function monthAboveLimit(db: Database): Promise<string | null> {
  const { rows } = await db.read(
    `SELECT t.id, t.account_id AS accountId, t.paid_at AS paidAt,
        t.receipt ->> '$.quote.totalMinor' AS totalMinor, c.monthly_limit_minor AS limitMinor,
        coalesce(i.document ->> '$.timeZone', a.time_zone) AS timeZone
      FROM top_ups t JOIN accounts a ON a.id = t.account_id LEFT JOIN consents c ON c.id = t.consent_id
        LEFT JOIN invoices i ON i.top_up_id = t.id AND i.kind = 'invoice'
      WHERE t.trigger <> 'manual' AND t.state = 'paid' ORDER BY t.account_id, t.paid_at`,
  );
  let paid: Paid[] = [];
  for (const purchase of rows as unknown as Paid[]) {
    const { id, accountId, limitMinor, timeZone } = purchase;
    if (paid[0]?.accountId !== accountId) paid = [];
    paid.push(purchase);
    if (limitMinor === null) continue;
    const monthOf = ({ paidAt }: Paid) => monthIn(timeZone).format(paidAt);
    const month = monthOf(purchase);
    const ofMonth = paid.slice(paid.findLastIndex((one) => monthOf(one) !== month) + 1);
    const sum = ofMonth.reduce((total, { totalMinor }) => total + totalMinor, 0);
    if (sum > limitMinor) {
      return `purchase ${id} made ${sum} in ${month}, ${limitMinor} was agreed to`;
    }
  }
  return null;
}

const months = new Map<string, Intl.DateTimeFormat>();

function monthIn(timeZone: string): Intl.DateTimeFormat {
  const known = months.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit" });
  months.set(timeZone, made);
  return made;
}
