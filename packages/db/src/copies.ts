/**
 * Copies of a database file. One is made beside its owner, who is not held up by it: a reader of a
 * write-ahead log sees one instant, however long it reads. One is put in the place of a file that
 * nobody owns; what was there stays beside it. A copy counts only once it was found to be sound.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { DatabaseUnavailable, failureOf } from "./failures.ts";
import { FileClient } from "./file-client.ts";
import { filePathOf } from "./file-path.ts";
import { prepareOwned, prepareReading } from "./owned-connection.ts";
import { lockFile } from "./owner-lock.ts";
import { patient } from "./patience.ts";
import { recordsOf } from "./queries/rows.ts";

/** By what a person recognizes a copy. */
export interface CopyFacts {
  readonly bytes: number;
  readonly accounts: number;
  readonly postings: number;
  /** When its newest posting was written down. */
  readonly newestAt: number | null;
}

/** Nobody but its owner may read it: it holds everything. */
const MODE = 0o600;

/** Makes a copy of the database at `url` where no file is yet. */
export async function copyDatabase(url: string, to: string): Promise<CopyFacts> {
  const partial = `${to}.partial`;
  const path = filePathOf(url);
  // Opening would make an empty one.
  if (!existsSync(path)) throw new CopyRefused(`There is no database at ${path}.`);
  if (existsSync(to)) throw new CopyRefused(`${to} is there already; choose another name.`);
  rmSync(partial, { force: true });
  // Made here, so that it has its mode before it has contents.
  closeSync(openSync(partial, "wx", MODE));
  try {
    const client = patient(new FileClient(path, () => {}));
    try {
      await client.execute({ sql: "VACUUM INTO ?", args: [partial] });
    } finally {
      client.close();
    }
    const facts = await inspect(partial);
    toDisk(partial);
    renameSync(partial, to);
    toDisk(dirname(to));
    return facts;
  } finally {
    rmSync(partial, { force: true });
  }
}

export interface Restored extends CopyFacts {
  /** Where what was there before is now; null when there was nothing. */
  readonly replaced: string | null;
}

/** Puts a copy in the place of the database at `url`; refused while somebody owns that. */
export async function restoreDatabase(
  url: string,
  { from, stamp }: { readonly from: string; readonly stamp: string },
): Promise<Restored> {
  const path = filePathOf(url);
  if (!existsSync(from)) throw new CopyRefused(`There is no file ${from}.`);
  if (realpathSync(from) === path) throw new CopyRefused(`${from} is the database itself.`);
  if (existsSync(`${from}-wal`)) {
    throw new CopyRefused(
      `${from} is not a finished copy: some of it is in ${from}-wal. Make one with backup.`,
    );
  }
  const lock = lockFile(path);
  const incoming = `${path}.restoring`;
  try {
    rmSync(incoming, { force: true });
    copyFileSync(from, incoming, constants.COPYFILE_EXCL);
    chmodSync(incoming, MODE);
    const facts = await inspect(incoming).catch((error) => {
      const { message } = failureOf(error) as Error;
      throw new CopyRefused(`${from} cannot be restored: ${message}`, { cause: error });
    });
    toDisk(incoming);
    const replaced = existsSync(path) ? `${path}.replaced-${stamp}` : null;
    if (replaced !== null) await keepBeside(path, replaced);
    // From one whole database to the other, with no moment between.
    renameSync(incoming, path);
    toDisk(dirname(path));
    return { ...facts, replaced };
  } finally {
    rmSync(incoming, { force: true });
    lock.release();
  }
}

/** Somebody can do something about it; the message is one sentence. */
export class CopyRefused extends Error {
  override readonly name = "CopyRefused";
}

/** With its log, if what is damaged cannot take that in any more. */
async function keepBeside(path: string, replaced: string): Promise<void> {
  const client = new FileClient(path, prepareOwned);
  await client.execute("PRAGMA wal_checkpoint(TRUNCATE)").catch(() => {});
  client.close();
  linkSync(path, replaced);
  const log = `${path}-wal`;
  if (existsSync(log) && statSync(log).size > 0) renameSync(log, `${replaced}-wal`);
  for (const rest of [log, `${path}-shm`]) rmSync(rest, { force: true });
}

/** Throws for what is not a whole database of ours. */
async function inspect(path: string): Promise<CopyFacts> {
  const client = new FileClient(path, prepareReading);
  try {
    const wrong = await client.execute(
      `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'
        UNION ALL SELECT 'a reference that leads nowhere' FROM pragma_foreign_key_check LIMIT 1`,
    );
    const [first] = wrong.rows;
    if (first !== undefined)
      throw new DatabaseUnavailable("corrupt", `It is damaged: ${first[0]}.`);
    const ours = await client.execute("SELECT 1 FROM sqlite_schema WHERE name = 'postings'");
    if (ours.rows.length === 0)
      throw new DatabaseUnavailable("corrupt", "It is a database, and not one of ours.");
    const counted = await client.execute(
      `SELECT (SELECT count(*) FROM accounts) AS accounts, count(*) AS postings,
        max(recorded_at) AS newestAt FROM postings`,
    );
    const [facts] = recordsOf<Omit<CopyFacts, "bytes">>(counted);
    if (facts === undefined) throw new Error("a count has a row");
    return { bytes: statSync(path).size, ...facts };
  } finally {
    client.close();
  }
}

/** A file's contents, or the names in a folder. */
function toDisk(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
