/**
 * A client that waits a little for a database somebody else has locked, and says in our own words
 * what went wrong otherwise. Only what was refused before anything was done is tried again.
 */
import type { Client } from "@libsql/client";
import { DatabaseUnavailable, failureOf } from "./failures.ts";

/** How long a locked database is tried again before the caller is told. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 50;

export function patient(client: Client): Client {
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const failure = failureOf(error);
        const isPassing = failure instanceof DatabaseUnavailable && failure.isPassing;
        if (!isPassing || performance.now() > giveUpAt) throw failure;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS));
      }
    }
  };
  return {
    execute: (...call: Parameters<Client["execute"]>) => run(() => client.execute(...call)),
    // Without a mode a batch would begin as a reader and fail half-way, when it comes to write.
    batch: (statements, mode) => run(() => client.batch(statements, mode ?? "write")),
    migrate: (statements) => run(() => client.migrate(statements)),
    executeMultiple: (sql) => run(() => client.executeMultiple(sql)),
    transaction: () => client.transaction(),
    sync: () => client.sync(),
    reconnect: () => client.reconnect(),
    close: () => client.close(),
    get closed() {
      return client.closed;
    },
    get protocol() {
      return client.protocol;
    },
  } as Client;
}
