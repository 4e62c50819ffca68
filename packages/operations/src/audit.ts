/**
 * Checks that everything adds up, reading only. Each check is one invariant of the ledger or of
 * metering; the ids are those of the fault campaign (docs/architecture.md lists them). It looks at
 * what is stored and shares no code with what stored it, apart from the hash that is being checked.
 */
import { keptReasons, settings } from "@scanmeter/core";
import { brokenLink, chainStart, type Database, walkPostings } from "@scanmeter/db";
import { autoTopUpChecks, overdueLooks } from "./audit-auto-top-ups.ts";
import { type AuditCheck, type Check, finds } from "./audit-check.ts";

const entryOfLot = "iif(e.from_account = 'customer', -e.amount, e.amount)";
const towards = (account: "holds" | "refunds") =>
  `CASE '${account}' WHEN e.to_account THEN e.amount WHEN e.from_account THEN -e.amount ELSE 0 END`;
const holdOfLot = towards("holds");
const HOUR = settings.meteredHourMs;
const GRACE_MS = 60_000;
const KEPT_MS = settings.keptForMs;
const { frozen, revived, forfeited } = keptReasons;
/** Whether a posting moves what is kept past its date; a dispute's has another reason or none. */
const isAboutKept = `coalesce(p.reason, '') IN ('${frozen}', '${revived}', '${forfeited}')`;

/** The expiry a lot had when a posting was booked: later extensions are taken back. */
const expiryThen = `coalesce((SELECT x.old_expires_at FROM extensions x JOIN postings q ON q.id = x.posting_id
  WHERE x.lot_id = l.id AND q.version > p.version ORDER BY q.version LIMIT 1), l.expires_at)`;

const checks: readonly Check[] = [
  finds(
    "I1",
    "each lot holds what its entries put there",
    `SELECT 'lot ' || l.id || ' holds ' || l.remaining || ', its entries say ' || coalesce(sum(${entryOfLot}), 0)
      FROM lots l LEFT JOIN entries e ON e.lot_id = l.id GROUP BY l.id
      HAVING l.remaining <> coalesce(sum(${entryOfLot}), 0) LIMIT 1`,
  ),
  finds(
    "I1",
    "each lot has frozen what its entries put on hold",
    `SELECT 'lot ' || l.id || ' has ' || l.frozen || ' frozen, its entries say ' || coalesce(sum(${holdOfLot}), 0)
      FROM lots l LEFT JOIN entries e ON e.lot_id = l.id GROUP BY l.id
      HAVING l.frozen <> coalesce(sum(${holdOfLot}), 0) LIMIT 1`,
  ),
  finds(
    "I1",
    "each lot keeps what its entries kept of it past its date",
    `SELECT 'lot ' || l.id || ' keeps ' || l.kept || ', its entries say ' || coalesce(booked.kept, 0)
      FROM lots l LEFT JOIN (SELECT e.lot_id, sum(${holdOfLot}) AS kept
        FROM postings p JOIN entries e ON e.posting_id = p.id WHERE ${isAboutKept} GROUP BY e.lot_id)
        booked ON booked.lot_id = l.id
      WHERE l.kept <> coalesce(booked.kept, 0) LIMIT 1`,
  ),
  finds(
    "I1",
    "each balance is the sum of its lots",
    `SELECT 'account ' || a.id || ' shows ' || a.balance || ', its lots hold ' || coalesce(sum(l.remaining), 0)
      FROM accounts a LEFT JOIN lots l ON l.account_id = a.id GROUP BY a.id
      HAVING a.balance <> coalesce(sum(l.remaining), 0) LIMIT 1`,
  ),
  finds(
    "I1",
    "balance less debt is what the customer's entries add up to",
    `SELECT 'account ' || a.id || ' shows ' || (a.balance - a.debt) || ', its entries say ' || sum(
        iif(e.to_account = 'customer', e.amount, 0) - iif(e.from_account = 'customer', e.amount, 0))
      FROM accounts a JOIN postings p ON p.account_id = a.id JOIN entries e ON e.posting_id = p.id
      GROUP BY a.id HAVING a.balance - a.debt <> sum(
        iif(e.to_account = 'customer', e.amount, 0) - iif(e.from_account = 'customer', e.amount, 0)) LIMIT 1`,
  ),
  finds(
    "I1",
    "an entry moves a lot of its own account",
    `SELECT 'posting ' || p.id || ' moves lot ' || l.id || ' of another account'
      FROM entries e JOIN postings p ON p.id = e.posting_id JOIN lots l ON l.id = e.lot_id
      WHERE l.account_id <> p.account_id LIMIT 1`,
  ),
  finds(
    "I2",
    "each scan hour is debited at most once",
    `SELECT 'scan ' || scan_id || ' hour ' || hour || ' is debited ' || count(*) || ' times'
      FROM postings WHERE kind = 'debit' GROUP BY scan_id, hour HAVING count(*) > 1 LIMIT 1`,
  ),
  finds(
    "I3",
    "a scan shows the hours that were debited and not returned, at most five",
    `SELECT 'scan ' || s.id || ' shows ' || json_array_length(s.hours) || ' hours'
      FROM scans s LEFT JOIN postings p ON p.scan_id = s.id AND p.kind IN ('debit', 'return')
      GROUP BY s.id HAVING json_array_length(s.hours) <>
          coalesce(sum(CASE p.kind WHEN 'debit' THEN 1 WHEN 'return' THEN -1 END), 0)
        OR json_array_length(s.hours) > ${settings.scanCreditsMax} LIMIT 1`,
  ),
  finds(
    "I3",
    "an ended scan cost its started hours, or nothing when the platform failed it",
    // A lost one may have been paused after its last sign of life, and then kept fewer.
    `SELECT 'scan ' || id || ' was active for ' || active_ms || ' ms and cost ' || cost
      FROM (SELECT *, json_array_length(hours) AS cost, iif(end_reason = 'failed_platform', 0,
          max(1, min(${settings.scanCreditsMax}, (active_ms + ${HOUR - 1}) / ${HOUR}))) AS owed FROM scans)
      WHERE ended_at IS NOT NULL AND mode = 'credits'
        AND (cost > owed OR (cost < owed AND end_reason <> 'lost')) LIMIT 1`,
  ),
  finds(
    "I4",
    "no lot is below zero or above what was granted",
    `SELECT 'lot ' || id || ' holds ' || remaining || ' and ' || frozen || ' frozen of ' || granted FROM lots
      WHERE remaining < 0 OR frozen < 0 OR remaining + frozen > granted LIMIT 1`,
  ),
  finds(
    "I4",
    "only paid credits are frozen",
    "SELECT 'lot ' || id || ' has ' || frozen || ' frozen' FROM lots WHERE frozen <> 0 AND kind <> 'paid' LIMIT 1",
  ),
  finds(
    "I4",
    "what is kept is frozen, paid and past its date",
    `SELECT 'lot ' || l.id || ' keeps ' || l.kept || ' of ' || l.frozen || ' frozen' FROM lots l
      WHERE l.kept <> 0 AND (l.kept < 0 OR l.kept > l.frozen OR l.kind <> 'paid'
        OR NOT EXISTS (SELECT 1 FROM entries e JOIN postings p ON p.id = e.posting_id
          WHERE e.lot_id = l.id AND p.reason = '${frozen}' AND p.booked_at >= l.expires_at)) LIMIT 1`,
  ),
  finds(
    "I5",
    "no debit takes from a lot before its time or from its expiry on",
    `SELECT 'scan ' || p.scan_id || ' hour ' || p.hour || ' was paid by lot ' || l.id || ' out of its time'
      FROM postings p JOIN entries e ON e.posting_id = p.id JOIN lots l ON l.id = e.lot_id
      WHERE p.kind = 'debit' AND (p.booked_at < l.effective_at OR p.booked_at >= ${expiryThen}) LIMIT 1`,
  ),
  finds(
    "I5",
    "only an expired remainder is written off",
    `SELECT 'lot ' || l.id || ' was written off before its expiry'
      FROM postings p JOIN entries e ON e.posting_id = p.id JOIN lots l ON l.id = e.lot_id
      WHERE p.kind = 'breakage' AND p.booked_at < ${expiryThen} LIMIT 1`,
  ),
  finds(
    "I5",
    "credits are kept from their date on, revived in time, and written off when their time is over",
    `SELECT 'lot ' || l.id || ' has ' || p.reason || ' at ' || p.booked_at FROM postings p
      JOIN entries e ON e.posting_id = p.id JOIN lots l ON l.id = e.lot_id
      WHERE (p.reason = '${frozen}' AND p.booked_at NOT BETWEEN ${expiryThen} AND ${expiryThen} + ${KEPT_MS - 1})
        OR (p.reason = '${forfeited}' AND p.booked_at <> ${expiryThen} + ${KEPT_MS})
      UNION ALL SELECT 'lot ' || e.lot_id || ' was revived at ' || p.booked_at FROM postings p
      JOIN entries e ON e.posting_id = p.id
      LEFT JOIN extensions x ON x.posting_id = p.id AND x.lot_id = e.lot_id
      WHERE p.reason = '${revived}' AND p.booked_at - coalesce(x.old_expires_at, 0) NOT BETWEEN 0 AND ${KEPT_MS - 1}
      LIMIT 1`,
  ),
  finds(
    "I6",
    "a paid purchase granted once, and exactly what was bought",
    `SELECT 'purchase ' || t.id || ' of ' || (t.terms ->> 'quantity') || ' granted ' || coalesce(g.amount, 0) || ' in ' || coalesce(g.times, 0)
      FROM top_ups t LEFT JOIN (SELECT p.top_up_id, count(DISTINCT p.id) AS times, sum(e.amount) AS amount
        FROM postings p JOIN entries e ON e.posting_id = p.id AND e.from_account = 'purchases'
        WHERE p.top_up_id IS NOT NULL GROUP BY p.top_up_id) g ON g.top_up_id = t.id
      WHERE (t.state = 'paid') <> (coalesce(g.times, 0) = 1)
        OR coalesce(g.amount, 0) <> iif(t.state = 'paid', t.terms ->> 'quantity', 0) LIMIT 1`,
  ),
  finds(
    "I6",
    "what was taken back for a purchase, and what its disputes froze of each lot, is what its row says",
    // What they froze and what is kept is together all that is frozen of a lot.
    `WITH booked AS (SELECT p.top_up_id, sum(${towards("refunds")}) AS taken
        FROM postings p JOIN entries e ON e.posting_id = p.id
        WHERE p.top_up_id IS NOT NULL GROUP BY p.top_up_id)
      SELECT 'purchase ' || t.id || ' has booked ' || taken || ' taken'
      FROM top_ups t JOIN booked ON booked.top_up_id = t.id
      WHERE taken <> (SELECT coalesce(sum(value ->> 'amount'), 0) FROM json_each(t.reversed, '$.taken'))
      UNION ALL SELECT 'purchase ' || top_up_id || ' has booked ' || sum(amount) || ' frozen of lot ' || lot_id || ' that its row does not say'
      FROM (SELECT p.top_up_id, e.lot_id, ${holdOfLot} AS amount
          FROM postings p JOIN entries e ON e.posting_id = p.id
          WHERE 'holds' IN (e.from_account, e.to_account) AND NOT ${isAboutKept}
        UNION ALL SELECT t.id, draw.value ->> 'lotId', -(draw.value ->> 'amount')
          FROM top_ups t, json_each(t.reversed, '$.holds') hold, json_each(hold.value, '$.draws') draw)
      WHERE top_up_id IN (SELECT id FROM top_ups) GROUP BY top_up_id, lot_id HAVING sum(amount) <> 0 LIMIT 1`,
  ),
  finds(
    "I8",
    "a key names one posting, and a start key one scan",
    `SELECT 'key ' || key || ' names ' || count(*) || ' postings' FROM postings GROUP BY key HAVING count(*) > 1
      UNION ALL SELECT 'start key ' || start_key || ' names ' || count(*) || ' scans of ' || account_id
      FROM scans GROUP BY account_id, start_key HAVING count(*) > 1 LIMIT 1`,
  ),
  ...autoTopUpChecks,
  {
    id: "I11",
    title: "each account's chain is whole, from its first posting to its newest",
    run: brokenChain,
  },
  finds(
    "I14",
    "nothing is debited, paused or resumed after a scan's end",
    `SELECT 'scan ' || p.scan_id || ' was moved by posting ' || p.version || ' after its end'
      FROM postings p JOIN postings ended ON ended.scan_id = p.scan_id AND ended.kind = 'scan_ended'
        AND ended.account_id = p.account_id
      WHERE p.version > ended.version AND p.kind NOT IN ('return', 'breakage') LIMIT 1`,
  ),
  finds(
    "I14",
    "a scan is over exactly when its end is booked",
    `SELECT 'scan ' || s.id || ' is ' || s.state || ' with ' || count(p.id) || ' ends booked'
      FROM scans s LEFT JOIN postings p ON p.scan_id = s.id AND p.kind = 'scan_ended'
      GROUP BY s.id HAVING (s.ended_at IS NOT NULL) <> (count(p.id) = 1) LIMIT 1`,
  ),
  finds(
    "I15",
    "nothing that could be done is overdue by more than a minute of the service's life",
    `SELECT 'scan ' || s.id || ' has been due since ' || s.next_due_at FROM scans s, service
      WHERE s.ended_at IS NULL AND s.next_due_at < alive_at - ${GRACE_MS}
        AND (s.last_seen_at + ${settings.lostAfterMs} > s.next_due_at
          OR max(s.last_seen_at, listening_since) + ${settings.lostAfterMs + GRACE_MS} < alive_at)
      UNION ALL SELECT 'lot ' || l.id || ' expired at ' || l.expires_at || ' and still holds ' || l.remaining
      FROM lots l, service WHERE l.is_open = 1 AND l.remaining > 0
        AND max(l.expires_at, listening_since) < alive_at - ${settings.lostAfterMs + GRACE_MS}
      UNION ALL SELECT 'lot ' || l.id || ' expired at ' || l.expires_at || ' and still keeps ' || l.kept
      FROM lots l, service WHERE l.kept > 0
        AND max(l.expires_at + ${KEPT_MS}, listening_since) < alive_at - ${settings.lostAfterMs + GRACE_MS} LIMIT 1`,
  ),
  overdueLooks,
  finds(
    "I16",
    "the file is sound",
    "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 1",
  ),
  finds(
    "I16",
    "every reference leads somewhere",
    `SELECT 'row ' || rowid || ' of ' || "table" || ' refers to nothing in ' || parent FROM pragma_foreign_key_check LIMIT 1`,
  ),
  finds(
    "I19",
    "every account has an owner, and whoever opened one acts for it",
    `SELECT 'account ' || id || ' has no owner' FROM accounts a
      WHERE NOT EXISTS (SELECT 1 FROM members WHERE account_id = a.id AND role = 'owner')
      UNION ALL SELECT 'account ' || id || ' was opened by ' || opened_by || ', who left' FROM accounts a
      WHERE opened_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM members
        WHERE account_id = a.id AND user_id = opened_by) LIMIT 1`,
  ),
];

/** Runs every check in order and reports each; the caller stops at the first broken one if it likes. */
export async function* audit(db: Database): AsyncGenerator<AuditCheck> {
  for (const { id, title, run } of checks) yield { id, title, broken: await run(db) };
}

async function brokenChain(db: Database): Promise<string | null> {
  let accountId = "";
  let place = chainStart;
  const heads = new Map<string, string>();
  for await (const link of walkPostings(db)) {
    const { posting } = link;
    if (posting.accountId !== accountId) [accountId, place] = [posting.accountId, chainStart];
    const broken = brokenLink(place, link);
    if (broken !== null) return `of account ${accountId} posting ${broken}`;
    place = { version: posting.version, hash: link.hash };
    heads.set(accountId, `${place.version} ${place.hash}`);
  }
  // Postings booked while this walk went on are checked by the next audit.
  const { rows } = await db.read("SELECT id, version, chain_hash FROM accounts WHERE version > 0");
  for (const [id, newest, head] of rows.map((row) => Array.from(row) as [string, number, string])) {
    const [walked, walkedHash] = (heads.get(id) ?? "0 ").split(" ");
    if (newest < Number(walked)) return `account ${id} is at ${newest}, its postings at ${walked}`;
    if (newest === Number(walked) && head !== walkedHash)
      return `account ${id} has lost its newest posting`;
    if (walked === "0" && newest > 0 && !(await hasPosting(db, id)))
      return `account ${id} has no postings at all`;
  }
  return null;
}

async function hasPosting(db: Database, accountId: string): Promise<boolean> {
  const { rows } = await db.read({
    sql: "SELECT 1 FROM postings WHERE account_id = ? LIMIT 1",
    args: [accountId],
  });
  return rows.length > 0;
}
