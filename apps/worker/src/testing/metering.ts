/** A product small enough for a test: a real database in a folder of its own, one account, one target. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, credits, type Instant, type Scan } from "@scanmeter/core";
import { putMigratedFile, skipFlushing } from "@scanmeter/db/testing";
import {
  type Operations,
  openOperations,
  type PaymentOptions,
  type TestClock,
} from "@scanmeter/operations";

export interface Metering {
  readonly operations: Operations;
  readonly clock: TestClock;
  readonly accountId: string;
  startScan(key?: string): Promise<Scan>;
  readScan(scan: Scan): Promise<Scan>;
  /** Lets time pass for a scan whose runner is alive all the while. */
  passTime(scan: Scan, until: Instant): Promise<void>;
  version(): Promise<number>;
  close(): Promise<void>;
}

const ALIVE_EVERY_MS = 4 * 60_000;

export interface MeteringOptions {
  readonly credits?: number;
  readonly payments?: PaymentOptions;
}

export async function openMetering(options: MeteringOptions = {}): Promise<Metering> {
  const dir = mkdtempSync(join(tmpdir(), "metering-"));
  const path = join(dir, "scanmeter.db");
  await putMigratedFile(path);
  const operations = await openOperations({
    databaseUrl: `file:${path}`,
    clock: "test",
    payments: options.payments ?? null,
  });
  await skipFlushing(operations.database);
  const clock = operations.testClock as TestClock;
  const { account } = await operations.openAccount({ userId: "user-1", name: "Test" });
  const accountId = account.id;
  await operations.grantCredits({
    accountId,
    credits: credits(options.credits ?? 10),
    kind: "paid",
    source: "test",
    key: "first",
  });
  const target = await operations.createTarget({
    accountId,
    url: "http://127.0.0.1:8080/",
    mode: "credits",
  });
  // Nothing is owed to the account from here on but what a test does.
  await operations.lookAfter(accountId);
  const targetId = target.ok ? target.value.id : "";

  return {
    operations,
    clock,
    accountId,
    async startScan(key = "scan-1") {
      const started = await operations.startScan({
        accountId,
        runnerKeyId: null,
        targetId,
        idempotencyKey: key,
      });
      if (!started.ok) throw new Error(`The scan did not start: ${started.refusal.code}`);
      return started.value;
    },
    async readScan({ id }) {
      const found = await operations.findScan(accountId, id);
      if (found === null) throw new Error("A scan that was started exists.");
      return found.scan;
    },
    async passTime({ id: scanId }, until) {
      while (clock.now() < until) {
        const step = after(clock.now(), ALIVE_EVERY_MS);
        clock.jump(step < until ? step : until);
        await operations.heartbeat({ accountId, scanId });
      }
    },
    async version() {
      return (await operations.listVersions([accountId])).get(accountId) ?? 0;
    },
    async close() {
      await operations.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
