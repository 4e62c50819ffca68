/** What an operator reads: the audit of the books, and the story of one account. */
import type { Database } from "@scanmeter/db";

export interface Report {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode: number;
}

export async function auditReport(_database: Database): Promise<Report> {
  throw new Error("not yet");
}

export async function explainReport(_database: Database, _account: string): Promise<Report> {
  throw new Error("not yet");
}
