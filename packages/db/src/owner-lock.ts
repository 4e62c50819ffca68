import Database from "libsql";
import { DatabaseUnavailable, isLocked } from "./failures.ts";

export interface OwnerLock {
  release(): void;
}

/**
 * Proves that this process is the only owner of a database file. The proof is a write transaction
 * held open on a small file beside it: the system gives the lock back when the process ends, however
 * it ends, so there is no stale lock to clean up after a crash.
 */
export function lockFile(path: string): OwnerLock {
  const connection = new Database(`${path}.lock`);
  try {
    // Nothing is ever committed to it, so nothing needs a journal beside it.
    connection.exec("PRAGMA journal_mode = MEMORY");
    connection.exec("BEGIN IMMEDIATE");
    // On a file that may not be written SQLite begins as a reader and says nothing; this says it.
    connection.exec("PRAGMA user_version = 1");
  } catch (error) {
    connection.close();
    if (!isLocked(error)) throw error;
    throw new DatabaseUnavailable(
      "owned",
      `Another process owns file:${path}; stop it first, or give this one a DATA_DIR of its own.`,
      error,
    );
  }
  return {
    release() {
      if (connection.open) connection.close();
    },
  };
}
