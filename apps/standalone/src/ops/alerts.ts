/** What waits for a person, as an operator reads it. */
import { type Instant, isoOf } from "@scanmeter/core";
import { type Database, listAlerts, type RaisedAlert } from "@scanmeter/db";
import type { CommandAnswer } from "./commands.ts";
import { printable } from "./printable.ts";
import type { Report } from "./reports.ts";
import { tableOf } from "./table.ts";

/** More than anybody reads at once. */
const ALERTS_MAX = 1_000;

export interface AlertView {
  readonly key: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly text: string;
  readonly raisedAt: string;
  readonly lastAt: string;
  readonly times: number;
}

export async function openAlerts(database: Database): Promise<AlertView[]> {
  const alerts = await listAlerts(database, ALERTS_MAX);
  return alerts.map(viewOf);
}

function viewOf({ raisedAt, lastAt, ...alert }: RaisedAlert): AlertView {
  return { ...alert, raisedAt: isoOf(raisedAt as Instant), lastAt: isoOf(lastAt as Instant) };
}

export async function alertsReport(database: Database): Promise<Report> {
  const alerts = await openAlerts(database);
  return { json: { ok: true, alerts }, text: alertsText(alerts), exitCode: 0 };
}

/** A comparison as the running instance answered it, and below it what waits by now. */
export function reconcileReport(answer: CommandAnswer): Report {
  const said = printable(answer.said);
  if (!answer.ok) return { json: answer, text: said, exitCode: 1 };
  const { isComplete, alerts } = answer.result as { isComplete: boolean; alerts: AlertView[] };
  return { json: answer, text: `${said}\n\n${alertsText(alerts)}`, exitCode: isComplete ? 0 : 1 };
}

function alertsText(alerts: readonly AlertView[]): string {
  if (alerts.length === 0) return "No alert is open.";
  const rows = alerts.map(({ raisedAt, times, key, text }) => [raisedAt, String(times), key, text]);
  const table = tableOf([["since", "times", "key", "what"], ...rows]);
  const isAll = alerts.length < ALERTS_MAX;
  return isAll ? table : `${table}\n\nThere are more; these are the oldest ${ALERTS_MAX}.`;
}
