import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Database, openDatabase } from "../client.ts";
import { putMigratedFile, putMigratedServer, tempFolder } from "./migrated.ts";
import { hasSqld, startSqld } from "./sqld.ts";

export interface TempDatabase {
  readonly database: Database;
  readonly url: string;
  readonly dir: string;
  close(): Promise<void>;
}

/**
 * From now on a commit does not wait for the disk. Nobody pulls a plug in a test, and what a process
 * wrote is there however it ends. The product never does this.
 */
export async function skipFlushing(database: Database): Promise<void> {
  await database.client.execute("PRAGMA synchronous = OFF");
}

/** How a database came to be migrated: as a copy of another one, or by itself, which takes longer. */
type Migrated = "a copy" | "by itself";

/** A migrated, empty database in a file of its own. Never `:memory:`, which behaves otherwise. */
export async function openTempDatabase(migrated: Migrated = "a copy"): Promise<TempDatabase> {
  const dir = tempFolder();
  const path = join(dir, "scanmeter.db");
  if (migrated === "a copy") await putMigratedFile(path);
  const url = `file:${path}`;
  const database = await openDatabase({ url });
  await skipFlushing(database);
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
export async function openTempServer(migrated: Migrated = "a copy"): Promise<TempDatabase> {
  const dir = tempFolder();
  if (migrated === "a copy") await putMigratedServer(dir);
  const sqld = await startSqld({ dir });
  const database = await openDatabase({ url: sqld.url });
  return {
    database,
    url: sqld.url,
    dir,
    async close() {
      database.close();
      await sqld.stop();
    },
  };
}

/** What a contract test runs on: whatever is promised holds on all of them. */
export const databases: readonly {
  readonly name: string;
  open(migrated?: Migrated): Promise<TempDatabase>;
}[] = [
  { name: "a file", open: openTempDatabase },
  ...(hasSqld ? [{ name: "a server", open: openTempServer }] : []),
];
