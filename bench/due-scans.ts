/**
 * Scans whose second hour begins within the coming minute, as they would be had they been started an
 * hour ago by runners that are alive.
 */
import { join } from "node:path";
import { type Instant, instant, settings } from "@scanmeter/core";
import { openOperations } from "@scanmeter/operations";
import { makeCustomers } from "./customers.ts";

export interface DueScans {
  readonly accounts: number;
  readonly scans: number;
  /** When the first and the last begin their second hour; the others are spread evenly between. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Answers with the instants, in order. */
export async function makeDueScans(folder: string, wanted: DueScans): Promise<number[]> {
  const { accounts, scans, firstAt, lastAt } = wanted;
  let now = instant(firstAt - settings.meteredHourMs);
  const operations = await openOperations({
    databaseUrl: `file:${join(folder, "scanmeter.db")}`,
    clock: { now: () => now },
  });
  // Nothing is measured here, and ten thousand commits would wait for the disk longer than for us.
  await operations.database.read("PRAGMA synchronous = OFF");
  const customers = await makeCustomers(operations, { count: accounts, authSecret: "" });
  const dueAt: Instant[] = [];
  for (let scan = 0; scan < scans; scan++) {
    const customer = customers[scan % accounts];
    if (customer === undefined) throw new Error("Scans belong to accounts.");
    const at = instant(firstAt + Math.round((scan * (lastAt - firstAt)) / scans));
    // Each has an instant of its own, so each is a commit of its own.
    now = instant(at - settings.meteredHourMs);
    const started = await operations.startScan({
      accountId: customer.accountId,
      targetId: customer.targetId,
      runnerKeyId: null,
      idempotencyKey: `due-${scan}`,
    });
    if (!started.ok) throw new Error(started.refusal.code);
    dueAt.push(at);
  }
  // Heard just now: an hour is debited only if somebody vouches that the runner was there.
  await operations.database.write([
    { sql: "UPDATE scans SET last_seen_at = ?, revision = revision + 1", args: [Date.now()] },
  ]);
  await operations.close();
  return dueAt;
}
