import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../client.ts";
import { hasSqld, startSqld } from "./sqld.ts";

export interface TempDatabase {
  readonly database: Database;
  readonly url: string;
  readonly dir: string;
  close(): Promise<void>;
}

/** A folder that is nobody else's, for a database and what lies beside it. */
export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), "scanmeter-db-"));
}

/** A migrated, empty database in a file of its own. Never `:memory:`, which behaves otherwise. */
export async function openTempDatabase(): Promise<TempDatabase> {
  const dir = tempFolder();
  const url = `file:${join(dir, "scanmeter.db")}`;
  const database = await openDatabase({ url });
  return {
    database,
    url,
    dir,
    async close() {
      database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A migrated, empty database on a real server of its own. */
export async function openTempServer(): Promise<TempDatabase> {
  const sqld = await startSqld();
  const database = await openDatabase({ url: sqld.url });
  return {
    database,
    url: sqld.url,
    dir: sqld.dir,
    async close() {
      database.close();
      await sqld.stop();
    },
  };
}

/** What a contract test runs on: whatever is promised holds on all of them. */
export const databases: readonly { readonly name: string; open(): Promise<TempDatabase> }[] = [
  { name: "a file", open: openTempDatabase },
  ...(hasSqld ? [{ name: "a server", open: openTempServer }] : []),
];
