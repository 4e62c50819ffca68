/** A ledger of any size for benchmarks: accounts with lots, and running scans whose hours can be debited. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Credits,
  credits,
  debitHour,
  decideGrant,
  type Instant,
  instant,
  invariant,
  type Outcome,
  type Refusal,
  type Scan,
  type ScanId,
} from "@scanmeter/core";
import {
  type Database,
  insertAccount,
  insertTarget,
  openDatabase,
  putService,
} from "@scanmeter/db";
import { mintId } from "@scanmeter/operations";
import { startScan } from "../packages/operations/src/start-scan.ts";
import { Writer } from "../packages/operations/src/writer.ts";

export const BENCH_NOW = instant(Date.UTC(2026, 5, 1));
const EXPIRES_AT = instant(Date.UTC(2027, 5, 1));
const LOTS_PER_ACCOUNT = 3;

export interface BenchAccount {
  readonly id: string;
  readonly targetId: string;
}

export interface BenchLedger {
  readonly db: Database;
  readonly file: string;
  readonly writer: Writer;
  readonly accounts: readonly BenchAccount[];
  /** Running scans, spread evenly over some accounts, with four hours left to debit each. */
  startScans(count: number, over: readonly BenchAccount[]): Promise<Scan[]>;
  debit(scan: Scan): Promise<Outcome<Scan, Refusal>>;
  close(): void;
}

export async function openBenchLedger(accountCount: number): Promise<BenchLedger> {
  const folder = mkdtempSync(join(tmpdir(), "scanmeter-bench-"));
  const file = join(folder, "ledger.db");
  const db = await openDatabase({ url: `file:${file}` });
  await db.write([putService({ aliveAt: BENCH_NOW, listeningSince: BENCH_NOW })]);
  const clock = { now: () => BENCH_NOW };
  const writer = new Writer(db, clock, () => {});
  const accounts = Array.from({ length: accountCount }, () => ({
    id: mintId("account"),
    targetId: mintId("target"),
  }));
  await db.write(
    accounts.flatMap(({ id, targetId }) => [
      ...insertAccount({
        id,
        ownerId: randomUUID(),
        name: "Bench",
        timeZone: "UTC",
        currency: "EUR",
        createdAt: BENCH_NOW,
      }),
      insertTarget({
        id: targetId,
        accountId: id,
        url: "http://127.0.0.1/",
        name: "Bench",
        mode: "credits",
        createdAt: BENCH_NOW,
        archivedAt: null,
      }),
    ]),
  );
  await Promise.all(accounts.map(({ id }) => grantLots(writer, id)));

  return {
    db,
    file,
    writer,
    accounts,
    startScans: (count, over) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const account = over[index % over.length];
          invariant(account !== undefined, "scans are spread over at least one account");
          const started = await startScan(
            { db, writer, clock, payments: null, wake: () => {} },
            {
              accountId: account.id,
              targetId: account.targetId,
              runnerKeyId: null,
              idempotencyKey: randomUUID(),
            },
          );
          invariant(started.ok, "a bench account can pay");
          return started.value;
        }),
      ),
    debit: ({ accountId, id }) =>
      writer.submit({
        accountId,
        wants: { scanId: id },
        decide: (books) => {
          const scan = books.scan(id as ScanId);
          invariant(scan !== undefined, "the scan was read");
          return debitHour(books, scan, { boundary: BENCH_NOW, mayOwe: false });
        },
      }),
    close() {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function grantLots(writer: Writer, accountId: string): Promise<void> {
  for (let lot = 0; lot < LOTS_PER_ACCOUNT; lot++) {
    const lotId = mintId("lot");
    await writer.submit({
      accountId,
      wants: {},
      decide: (books) =>
        decideGrant(books, {
          lotId,
          credits: credits(1_000_000) as Credits,
          kind: "paid",
          source: "bench",
          expiresAt: instant(EXPIRES_AT + lot) as Instant,
          key: `bench-${accountId}-${lot}`,
          fingerprint: "",
        }),
    });
  }
}
