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
    connection.exec("BEGIN IMMEDIATE");
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
