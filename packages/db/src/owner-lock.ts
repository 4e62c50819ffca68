import { createClient } from "@libsql/client";
import { DatabaseUnavailable } from "./failures.ts";

export interface OwnerLock {
  release(): void;
}

/**
 * Proves that this process is the only owner of a database file. The proof is a write transaction
 * held open on a small file beside it: the system gives the lock back when the process ends, however
 * it ends, so there is no stale lock to clean up after a crash.
 */
export async function lockFile(url: string): Promise<OwnerLock> {
  const client = createClient({ url: `${url}.lock`, concurrency: 1 });
  try {
    const held = await client.transaction("write");
    return {
      release() {
        held.close();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    const isHeld = String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY");
    if (!isHeld) throw error;
    throw new DatabaseUnavailable(
      "owned",
      `Another process owns ${url}; stop it first, or give this one a DATA_DIR of its own.`,
      error,
    );
  }
}
