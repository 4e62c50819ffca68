/** The database as the operator's commands reach it: read beside a running instance, written without one. */
import { existsSync } from "node:fs";
import { type Database, findTestClock, openForReading } from "@scanmeter/db";
import { type Operations, openOperations, type PaymentOptions } from "@scanmeter/operations";
import type { OpsEnv } from "../env.ts";
import { StartFailure } from "../start-failure.ts";

export async function withDatabase<T>(env: OpsEnv, work: (database: Database) => Promise<T>) {
  assertThere(env.databaseUrl);
  const database = await openForReading({ url: env.databaseUrl, authToken: env.databaseAuthToken });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** As the owner: refused while an instance runs. A sandbox's books are kept by its own clock. */
export async function withOperations<T>(
  env: OpsEnv,
  work: (operations: Operations) => Promise<T>,
  payments: PaymentOptions | null = null,
): Promise<T> {
  const isSandbox = await withDatabase(
    env,
    async (database) => (await findTestClock(database)) !== null,
  );
  const operations = await openOperations({
    databaseUrl: env.databaseUrl,
    databaseAuthToken: env.databaseAuthToken,
    clock: isSandbox ? "test" : "system",
    payments,
  });
  try {
    return await work(operations);
  } finally {
    await operations.close();
  }
}

// Opening would make an empty one, and a typing error in DATA_DIR would look like a lost ledger.
function assertThere(url: string): void {
  const path = /^file:(?:\/\/)?([^?#]+)/.exec(url)?.[1];
  if (path === undefined || existsSync(decodeURIComponent(path))) return;
  throw new StartFailure(
    `There is no database at ${url}: check DATA_DIR or DATABASE_URL, or run npm start once.`,
  );
}
