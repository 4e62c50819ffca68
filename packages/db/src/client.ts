/**
 * Opens the database. A `file:` database has one owner process with one connection: the bundled
 * SQLite has a race between two connections that write one WAL, and a connection that was answered
 * BUSY can lose acknowledged writes (both measured, see docs/decisions/0002). So the owner holds a
 * lock beside the file for as long as it lives, and no connection is used on that a BUSY has spoilt.
 */
import { existsSync } from "node:fs";
import { type Client, createClient, type InStatement, type ResultSet } from "@libsql/client";
import { DatabaseUnavailable, failureOf } from "./failures.ts";
import { FileClient } from "./file-client.ts";
import { filePathOf } from "./file-path.ts";
import { migrate } from "./migrate.ts";
import { assertDurable, prepareOwned, prepareReading, tryWriting } from "./owned-connection.ts";
import { lockFile } from "./owner-lock.ts";
import { patient } from "./patience.ts";
import { askServer } from "./server-fetch.ts";

/** One statement with its arguments, for a batch. */
export type Statement = InStatement;

export interface DatabaseOptions {
  /** `file:…`, `http(s)://…` or `libsql://…`. */
  readonly url: string;
  readonly authToken?: string | undefined;
}

export interface Database {
  readonly kind: "file" | "server";
  /** For libraries that speak to the client themselves; guarded like everything else. */
  readonly client: Client;
  read(statement: InStatement): Promise<ResultSet>;
  /** All of the statements or none, in one durable commit. */
  write(statements: InStatement[]): Promise<ResultSet[]>;
  close(): void;
}

/** Opens as the owner, migrates, and checks that the connection is as durable as the ledger needs. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  try {
    return await (isFile(options) ? openOwnedFile(filePathOf(options.url)) : openServer(options));
  } catch (error) {
    throw failureOf(error);
  }
}

/** Opens beside a running owner, unable to write. For checks and explanations. */
export async function openForReading(options: DatabaseOptions): Promise<Database> {
  const client = isFile(options) ? fileForReading(filePathOf(options.url)) : connect(options);
  const database = databaseOver(isFile(options) ? "file" : "server", patient(client));
  try {
    await database.read("SELECT 1 FROM sqlite_schema LIMIT 1");
    return { ...database, write: () => Promise.reject(new Error("Opened for reading only.")) };
  } catch (error) {
    database.close();
    throw error;
  }
}

const isFile = ({ url }: DatabaseOptions) => url.startsWith("file:");

async function openOwnedFile(path: string): Promise<Database> {
  const lock = lockFile(path);
  const file = new FileClient(path, prepareOwned);
  const client = patient(file);
  const letGo = () => {
    file.close();
    lock.release();
  };
  try {
    await client.executeMultiple(tryWriting);
    file.inspect(assertDurable);
    await migrate(client);
    const close = () => {
      foldLog(file);
      letGo();
    };
    return { ...databaseOver("file", client), close };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** So that after an orderly end the one file is all there is. Whatever hinders it, nothing is lost. */
function foldLog(file: FileClient): void {
  if (file.closed) return;
  try {
    file.inspect((connection) => connection.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
  } catch {
    // The log stays beside the file, and the next owner reads both.
  }
}

function fileForReading(path: string): Client {
  // Opening would make an empty one, and a typing error would look like a lost ledger.
  if (!existsSync(path)) {
    throw new DatabaseUnavailable(
      "missing",
      `There is no database at file:${path}; check DATA_DIR or DATABASE_URL.`,
    );
  }
  return new FileClient(path, prepareReading);
}

async function openServer(options: DatabaseOptions): Promise<Database> {
  const client = patient(connect(options));
  try {
    await migrate(client);
    return databaseOver("server", client);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** A server takes about twenty requests at a time and refuses more. */
const REQUESTS_AT_ONCE = 16;

function connect({ url, authToken }: DatabaseOptions): Client {
  const options = { url, concurrency: REQUESTS_AT_ONCE, fetch: askServer };
  return createClient(authToken === undefined ? options : { ...options, authToken });
}

function databaseOver(kind: Database["kind"], client: Client): Database {
  return {
    kind,
    client,
    read: (statement) => client.execute(statement),
    write: (statements) => client.batch(statements, "write"),
    close: () => client.close(),
  };
}
