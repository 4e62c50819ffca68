/** How a connection to the file is set up, and the proof that it is as durable as a ledger needs. */
import type Database from "libsql";
import { DatabaseUnavailable } from "./failures.ts";

/** As the owner. Done again whenever the connection is replaced, because settings are per connection. */
export function prepareOwned(connection: Database.Database): void {
  connection.exec("PRAGMA journal_mode = WAL");
  connection.exec("PRAGMA synchronous = FULL");
  connection.exec("PRAGMA foreign_keys = ON");
  connection.exec("PRAGMA cache_size = -65536");
}

/** Beside an owner: this connection can change nothing. */
export function prepareReading(connection: Database.Database): void {
  connection.exec("PRAGMA query_only = ON");
}

const needed = { journal_mode: "wal", synchronous: 2, foreign_keys: 1 };

/** A write that leaves no trace: SQLite opens a file that may not be written as if nothing were wrong. */
export const tryWriting = "BEGIN IMMEDIATE; PRAGMA user_version = 1; ROLLBACK";

/** Reads the settings back, because SQLite keeps quiet about one it could not follow. */
export function assertDurable(connection: Database.Database): void {
  for (const [name, wanted] of Object.entries(needed)) {
    const [found] = connection.prepare(`PRAGMA ${name}`).raw(true).all([]) as unknown[][];
    if (found?.[0] === wanted) continue;
    throw new DatabaseUnavailable(
      "unsuitable",
      `The database cannot be used: ${name} is ${found?.[0]}, and the ledger needs ${wanted}. Keep it on a local disk that allows write-ahead logging.`,
    );
  }
}
