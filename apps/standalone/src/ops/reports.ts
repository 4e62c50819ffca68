/** What an operator reads: the audit of the books, and the story of one account. */
import type { Database } from "@scanmeter/db";
import { type AuditCheck, audit, explain } from "@scanmeter/operations";
import { printable } from "./printable.ts";
import { tableOf } from "./table.ts";

export interface Report {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode: number;
}

/** Stops at the first invariant that does not hold: what comes after it may only be its consequence. */
export async function auditReport(database: Database): Promise<Report> {
  const checks: AuditCheck[] = [];
  for await (const check of audit(database)) {
    checks.push(check);
    if (check.broken !== null) break;
  }
  const firstBroken = checks.find((check) => check.broken !== null) ?? null;
  const rows = checks.map(({ id, title, broken }) => [
    broken === null ? "ok" : "BROKEN",
    id,
    title,
  ]);
  const verdict =
    firstBroken === null
      ? `All ${checks.length} invariants hold.`
      : `Broken: ${firstBroken.title}: ${firstBroken.broken}.`;
  return {
    json: { ok: firstBroken === null, firstBroken, checks },
    text: `${tableOf(rows)}\n\n${verdict}`,
    exitCode: firstBroken === null ? 0 : 1,
  };
}

type Explanation = NonNullable<Awaited<ReturnType<typeof explain>>>;

export async function explainReport(database: Database, wanted: string): Promise<Report> {
  const explanation = await explain(database, wanted);
  if (explanation === null) {
    const said = `There is no account ${printable(wanted)}.`;
    return { json: { ok: false, code: "account_not_found", said }, text: said, exitCode: 1 };
  }
  return { json: { ok: true, ...explanation }, text: storyOf(explanation), exitCode: 0 };
}

function storyOf(explanation: Explanation): string {
  const { account, balance, debt, lots, holds, openScans, postings } = explanation;
  const parts = [
    `${printable(account.name)} (${account.id}), version ${account.version}, time zone ${account.timeZone}`,
    `${balance} credits in its lots, ${debt} owed`,
  ];
  const section = (title: string, header: string[], rows: string[][]) => {
    parts.push(
      "",
      rows.length === 0 ? `${title}: none` : `${title}\n${tableOf([header, ...rows])}`,
    );
  };
  section(
    "Lots",
    ["id", "kind", "source", "left", "granted", "from", "until"],
    lots.map((lot) => [
      lot.id,
      lot.kind,
      lot.source,
      String(lot.remaining),
      String(lot.granted),
      lot.effectiveAt,
      lot.expiresAt,
    ]),
  );
  if (holds.length > 0) {
    section(
      "Frozen",
      ["credits", "lot", "dispute", "purchase"],
      holds.map((hold) => [String(hold.amount), hold.lotId, hold.disputeId, hold.topUpId]),
    );
  }
  section(
    "Open scans",
    ["id", "state", "hours", "next due", "target"],
    openScans.map((scan) => [
      scan.scanId,
      scan.state,
      String(scan.hours.length),
      scan.nextDueAt ?? "-",
      scan.targetUrl,
    ]),
  );
  section(
    "Postings, the newest first",
    ["version", "booked", "kind", "credits", "balance"],
    postings.map((posting) => [
      String(posting.version),
      posting.bookedAt,
      posting.kind,
      String(posting.credits),
      String(posting.balanceAfter),
    ]),
  );
  return parts.join("\n");
}
