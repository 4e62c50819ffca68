/**
 * Opens the database. A `file:` database has one owner process with one connection: the bundled
 * SQLite has a race between two connections that write one WAL, and a connection that was answered
 * BUSY can lose acknowledged writes (both measured, see docs/decisions/0002). So the owner holds a
 * lock beside the file for as long as it lives, and any BUSY retires the connection.
 */
import { type Client, createClient, type InStatement, type ResultSet } from "@libsql/client";
import { DatabaseUnavailable, failureOf } from "./failures.ts";
import { createFileClient } from "./file-client.ts";
import { migrate } from "./migrate.ts";
import { lockFile, type OwnerLock } from "./owner-lock.ts";

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

/** How long a database that somebody else has locked is tried again before the caller is told. */
const BUSY_PATIENCE_MS = 5_000;
const BUSY_PAUSE_MS = 50;

/** Opens as the owner, migrates, and checks that the connection is as durable as the ledger needs. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const isFile = options.url.startsWith("file:");
  const lock = isFile ? await lockFile(options.url) : null;
  try {
    const client = guard(connect(options), isFile ? prepareFileConnection : null);
    if (isFile) await client.prepare();
    await migrate(client);
    return databaseOver(client, isFile ? "file" : "server", lock);
  } catch (error) {
    lock?.release();
    throw failureOf(error);
  }
}

/** Opens beside a running owner, unable to write. For checks and explanations. */
export async function openForReading(options: DatabaseOptions): Promise<Database> {
  const isFile = options.url.startsWith("file:");
  try {
    const client = guard(connect(options), isFile ? forbidWriting : null);
    await client.prepare();
    return databaseOver(client, isFile ? "file" : "server", null);
  } catch (error) {
    throw failureOf(error);
  }
}

/** A server takes about twenty requests at a time and refuses more. */
const REQUESTS_AT_ONCE = 16;

function connect({ url, authToken }: DatabaseOptions): Client {
  if (url.startsWith("file:")) return createFileClient(url);
  const options = { url, concurrency: REQUESTS_AT_ONCE };
  return createClient(authToken === undefined ? options : { ...options, authToken });
}

function databaseOver(
  client: GuardedClient,
  kind: Database["kind"],
  lock: OwnerLock | null,
): Database {
  return {
    kind,
    client,
    read: (statement) => client.execute(statement),
    write: (statements) => client.batch(statements, "write"),
    close() {
      client.close();
      lock?.release();
    },
  };
}

async function prepareFileConnection(client: Client): Promise<void> {
  await client.execute("PRAGMA journal_mode = WAL");
  await client.execute("PRAGMA synchronous = FULL");
  await client.execute("PRAGMA foreign_keys = ON");
  await client.execute("PRAGMA cache_size = -65536");
  const expected = { journal_mode: "wal", synchronous: 2, foreign_keys: 1 };
  for (const [name, wanted] of Object.entries(expected)) {
    const found = (await client.execute(`PRAGMA ${name}`)).rows[0]?.[0];
    if (found !== wanted) {
      throw new DatabaseUnavailable(
        "unsuitable",
        `The database cannot be used: ${name} is ${found}, and the ledger needs ${wanted}. Keep it on a local disk that allows write-ahead logging.`,
      );
    }
  }
}

async function forbidWriting(client: Client): Promise<void> {
  await client.execute("PRAGMA query_only = ON");
}

interface GuardedClient extends Client {
  prepare(): Promise<void>;
}

/** The client with the one rule about BUSY built in, so that nobody can go round it. */
function guard(client: Client, prepare: ((client: Client) => Promise<void>) | null): GuardedClient {
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const giveUpAt = performance.now() + BUSY_PATIENCE_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const failure = failureOf(error);
        if (!(failure instanceof DatabaseUnavailable) || failure.reason !== "locked") throw error;
        await retire();
        if (performance.now() > giveUpAt) throw failure;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * BUSY_PAUSE_MS));
      }
    }
  };
  const retire = async () => {
    await client.reconnect();
    await prepare?.(client).catch(() => {});
  };
  return {
    execute: (statement: InStatement | string, args?: unknown) =>
      run(() => (args === undefined ? client.execute(statement) : client.execute(statement as string, args as never))),
    batch: (statements, mode) => run(() => client.batch(statements, mode ?? "write")),
    migrate: (statements) => run(() => client.migrate(statements)),
    transaction: () => client.transaction(),
    executeMultiple: (sql) => run(() => client.executeMultiple(sql)),
    sync: () => client.sync(),
    reconnect: () => retire(),
    close: () => client.close(),
    get closed() {
      return client.closed;
    },
    get protocol() {
      return client.protocol;
    },
    prepare: async () => {
      await run(async () => prepare?.(client));
    },
  } as GuardedClient;
}
