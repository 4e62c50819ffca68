/**
 * Durable single-credit debits: the next hour of a running scan, through the real write path, beside
 * the floor measured in the same run: the same reads and writes as statements prepared on the raw
 * `libsql` binding, as durable, one commit each. Then the same on a ledger a thousand times larger.
 */
import { createRequire } from "node:module";
import type { Scan } from "@scanmeter/core";
import { mintPostingId } from "@scanmeter/db";
import { median, percentile, type Row, report } from "./harness.ts";
import { BENCH_NOW, type BenchLedger, openBenchLedger } from "./ledger.ts";

const ROUNDS = 5;
const ACCOUNTS = 1_000;
const FLOOR_DEBITS = 2_000;
const DEBITS_OF: Record<number, number> = { 1: 1_200, 16: 6_000, 64: 16_000 };
const HOURS_LEFT = 4;
const LARGE_LEDGER_ENTRIES = 1_000_000;

interface Sample {
  readonly perSecond: number;
  readonly latencies: number[];
}

/** So many callers, each waiting for its own answer before it asks again. */
async function run(ledger: BenchLedger, scans: Scan[], callers: number): Promise<Sample> {
  const work = Array.from({ length: HOURS_LEFT }, () => scans).flat();
  const latencies: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let scan = work[next++]; scan !== undefined; scan = work[next++]) {
        const askedAt = performance.now();
        const outcome = await ledger.debit(scan);
        if (!outcome.ok) throw new Error(`A debit was refused: ${outcome.refusal.code}`);
        latencies.push(performance.now() - askedAt);
      }
    }),
  );
  return { perSecond: work.length / ((performance.now() - startedAt) / 1_000), latencies };
}

/** The raw binding under the client, which nothing but this floor may use. */
function openRaw(file: string) {
  const load = createRequire(new URL("../packages/db/src/client.ts", import.meta.url));
  const libsql = createRequire(load.resolve("@libsql/client"));
  const Database = libsql("libsql");
  const raw = new Database(file);
  raw.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");
  return raw;
}

function runFloor(ledger: BenchLedger, scans: Scan[]): Sample {
  const raw = openRaw(ledger.file);
  const account = raw.prepare(
    "SELECT version, balance, debt, when_out_of_credits, chain_hash FROM accounts WHERE id = ?",
  );
  const lots = raw.prepare(
    "SELECT id, kind, remaining, effective_at, expires_at FROM lots WHERE account_id = ? AND is_open = 1",
  );
  const scanRow = raw.prepare("SELECT * FROM scans WHERE id = ? AND account_id = ?");
  const begin = raw.prepare("BEGIN IMMEDIATE");
  const commit = raw.prepare("COMMIT");
  const posting =
    raw.prepare(`INSERT INTO postings (id, account_id, version, kind, key, booked_at, recorded_at,
    scan_id, hour, balance_after, debt_after, hash) VALUES (?, ?, ?, 'debit', ?, ?, ?, ?, ?, ?, 0, ?)`);
  const entry =
    raw.prepare(`INSERT INTO entries (posting_id, position, from_account, to_account, amount, lot_id)
    VALUES (?, 0, 'customer', 'usage', 1, ?)`);
  const lot = raw.prepare("UPDATE lots SET remaining = remaining - 1 WHERE id = ?");
  const move = raw.prepare(
    "UPDATE accounts SET version = ?, balance = ?, chain_hash = ? WHERE id = ?",
  );
  const hour = raw.prepare(
    "UPDATE scans SET hours = ?, next_due_at = ?, revision = revision + 1 WHERE id = ?",
  );

  const latencies: number[] = [];
  const startedAt = performance.now();
  for (let hourNumber = 2; hourNumber <= 1 + HOURS_LEFT; hourNumber++) {
    for (const scan of scans) {
      const askedAt = performance.now();
      const { version, balance, chain_hash: hash } = account.get(scan.accountId);
      const [first] = lots
        .all(scan.accountId)
        .sort(
          (a: { expires_at: number }, b: { expires_at: number }) => a.expires_at - b.expires_at,
        );
      const row = scanRow.get(scan.id, scan.accountId);
      const hours = [...JSON.parse(row.hours), [version + 1, BENCH_NOW, first.id]];
      const id = mintPostingId();
      begin.run();
      posting.run(
        id,
        scan.accountId,
        version + 1,
        `hour-${scan.id}-${hourNumber}`,
        BENCH_NOW,
        BENCH_NOW,
        scan.id,
        hourNumber,
        balance - 1,
        hash,
      );
      entry.run(id, first.id);
      lot.run(first.id);
      move.run(version + 1, balance - 1, hash, scan.accountId);
      hour.run(JSON.stringify(hours), row.next_due_at + 3_600_000, scan.id);
      commit.run();
      latencies.push(performance.now() - askedAt);
    }
  }
  const perSecond = latencies.length / ((performance.now() - startedAt) / 1_000);
  raw.close();
  return { perSecond, latencies };
}

/** Fills the history with made-up postings, so that the tables and their indexes are as large as after years. */
async function fillHistory(ledger: BenchLedger, entries: number): Promise<void> {
  const perAccount = Math.ceil(entries / ledger.accounts.length);
  const ids = JSON.stringify(ledger.accounts.map(({ id }) => id));
  await ledger.db.write([
    {
      sql: `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${perAccount})
        INSERT INTO postings (account_id, version, kind, key, booked_at, recorded_at, balance_after, debt_after, hash)
        SELECT a.id, a.version + n, 'adjustment', 'history-' || n || a.id, ${BENCH_NOW}, ${BENCH_NOW}, a.balance, 0, 'x'
        FROM number, accounts a WHERE a.id IN (SELECT value FROM json_each(?))`,
      args: [ids],
    },
    `INSERT INTO entries (posting_id, position, from_account, to_account, amount, lot_id)
      SELECT id, 0, 'customer', 'usage', 1, NULL FROM postings WHERE kind = 'adjustment'`,
    {
      sql: `UPDATE accounts SET version = version + ${perAccount} WHERE id IN (SELECT value FROM json_each(?))`,
      args: [ids],
    },
  ]);
}

function rowOf(what: string, samples: readonly Sample[], floor: number): Row {
  const perSecond = median(samples.map((sample) => sample.perSecond));
  const latencies = samples.flatMap((sample) => sample.latencies);
  return {
    what,
    "debits/s": Math.round(perSecond),
    "p50 ms": percentile(latencies, 50),
    "p99 ms": percentile(latencies, 99),
    "of floor": perSecond / floor,
  };
}

const samples = new Map<string, Sample[]>();
const note = (what: string, sample: Sample) => {
  samples.set(what, [...(samples.get(what) ?? []), sample]);
};

for (let round = 0; round <= ROUNDS; round++) {
  const ledger = await openBenchLedger(ACCOUNTS);
  const isWarmUp = round === 0;
  const hot = ledger.accounts.slice(0, 1);
  const floorScans = await ledger.startScans(FLOOR_DEBITS / HOURS_LEFT, ledger.accounts);
  const floor = runFloor(ledger, floorScans);
  if (!isWarmUp) note("floor: raw libsql, prepared, one commit each", floor);
  for (const [name, over] of [
    ["spread over 1,000 accounts", ledger.accounts],
    ["one hot account", hot],
  ] as const) {
    for (const [callers, debits] of Object.entries(DEBITS_OF)) {
      const scans = await ledger.startScans(debits / HOURS_LEFT, over);
      const sample = await run(ledger, scans, Number(callers));
      if (!isWarmUp) note(`${name}, ${callers} callers`, sample);
    }
  }
  ledger.close();
}

const floorRate = median(
  (samples.get("floor: raw libsql, prepared, one commit each") ?? []).map(
    (sample) => sample.perSecond,
  ),
);
const rows = [...samples].map(([what, taken]) => rowOf(what, taken, floorRate));

const growth: Sample[][] = [[], []];
const small = await openBenchLedger(ACCOUNTS);
const large = await openBenchLedger(ACCOUNTS);
await fillHistory(large, LARGE_LEDGER_ENTRIES);
for (let round = 0; round <= ROUNDS; round++) {
  for (const [index, ledger] of [small, large].entries()) {
    const scans = await ledger.startScans(200, ledger.accounts);
    const sample = await run(ledger, scans, 1);
    if (round > 0) growth[index]?.push(sample);
  }
}
small.close();
large.close();
rows.push(rowOf("lone, on a small ledger", growth[0] ?? [], floorRate));
rows.push(rowOf("lone, on 1,000,000 entries", growth[1] ?? [], floorRate));

report("debits", rows);
