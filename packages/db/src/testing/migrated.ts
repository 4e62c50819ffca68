/**
 * Migrated, empty databases as the bytes they are on the disk. To migrate takes thirty times as long as
 * to write down what comes of it, and tests open hundreds, so a process migrates one of each kind once.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openDatabase } from "../client.ts";
import { startSqld } from "./sqld.ts";

/** Paths inside a folder, and what is in them. */
type Files = ReadonlyMap<string, Buffer>;

/** A folder that is nobody else's, for a database and what lies beside it. */
export function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), "scanmeter-db-"));
}

let file: Promise<Buffer> | null = null;
let server: Promise<Files> | null = null;

/** Puts one where whoever opens this path finds it. */
export async function putMigratedFile(path: string): Promise<void> {
  file ??= migrateFile();
  writeFileSync(path, await file);
}

/** Puts the data of a server into its folder, before the server is started. */
export async function putMigratedServer(dir: string): Promise<void> {
  server ??= migrateServer();
  for (const [path, content] of await server) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
}

async function migrateFile(): Promise<Buffer> {
  const dir = tempFolder();
  try {
    const path = join(dir, "scanmeter.db");
    (await openDatabase({ url: `file:${path}` })).close();
    return readFileSync(path);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function migrateServer(): Promise<Files> {
  const { url, dir, stop } = await startSqld();
  try {
    (await openDatabase({ url })).close();
    await stop({ keep: true });
    return filesOf(dir);
  } finally {
    await stop();
  }
}

function filesOf(dir: string): Files {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(dir.length), readFileSync(path)];
    }),
  );
}
