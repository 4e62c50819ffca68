/** Copies of the database, as an operator makes and restores them. */
import { resolve } from "node:path";
import { instant, isoOf } from "@scanmeter/core";
import { type CopyFacts, CopyRefused, copyDatabase, restoreDatabase } from "@scanmeter/db";
import { openDataDir } from "../data-dir.ts";
import type { OpsEnv } from "../env.ts";
import { StartFailure } from "../start-failure.ts";
import type { Report } from "./reports.ts";

/** Beside a running instance, which goes on, or without one. */
export async function backupReport({ databaseUrl }: OpsEnv, file: string): Promise<Report> {
  assertFile(databaseUrl);
  const to = resolve(file);
  const facts = await tried(() => copyDatabase(databaseUrl, to));
  return {
    json: { ok: true, file: to, ...factsInJson(facts) },
    text: `Copied ${factsInWords(facts)} to ${to}; it is sound.`,
    exitCode: 0,
  };
}

/** Only while no instance runs. */
export async function restoreReport(
  { databaseUrl, dataDir }: OpsEnv,
  file: string,
  now: Date,
): Promise<Report> {
  assertFile(databaseUrl);
  openDataDir(dataDir);
  const from = resolve(file);
  const stamp = now.toISOString().replaceAll(/[:.]/g, "-");
  const { replaced, ...facts } = await tried(() => restoreDatabase(databaseUrl, { from, stamp }));
  const before =
    replaced === null ? "No database was there before." : `What was there before is ${replaced}.`;
  return {
    json: { ok: true, file: from, replaced, ...factsInJson(facts) },
    text: `Restored ${factsInWords(facts)} from ${from}. ${before}\nRun audit, then start it; reconcile brings in what was paid since.`,
    exitCode: 0,
  };
}

function assertFile(url: string): void {
  if (url.startsWith("file:")) return;
  throw new StartFailure(
    "This database is on a server: copies are made and restored there, with its own tools.",
  );
}

/** What the system refuses, such as a folder that is not there, is told like everything else. */
async function tried<Done>(work: () => Promise<Done>): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    const isSystems = error instanceof Error && "syscall" in error;
    if (!isSystems && !(error instanceof CopyRefused)) throw error;
    throw new StartFailure(isSystems ? `It could not be done: ${error.message}.` : error.message, {
      cause: error,
    });
  }
}

const newestOf = ({ newestAt }: CopyFacts) => (newestAt === null ? null : isoOf(instant(newestAt)));

const factsInJson = (facts: CopyFacts) => ({ ...facts, newestAt: newestOf(facts) });

function factsInWords(facts: CopyFacts): string {
  const { accounts, postings, bytes } = facts;
  const newest = newestOf(facts);
  const until = newest === null ? "" : `, the newest of ${newest}`;
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  return `${count(accounts, "account")} with ${count(postings, "posting")}${until} (${size})`;
}
